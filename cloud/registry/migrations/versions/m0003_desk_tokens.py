"""What a token opens: a site's figures for a regulator, or its desk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; every token that was made before reads."""
    op.add_column("tokens", sa.Column("kind", sa.String(8), nullable=False, server_default="read"))
