"""Run by Alembic, with the connection that cloud.registry.database opened."""

from __future__ import annotations

from alembic import context

from cloud.registry.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,  # the caller has begun the transaction and commits it
)
context.run_migrations()
