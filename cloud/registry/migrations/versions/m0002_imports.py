"""Which statements brought imported rows; what was projected before is read again, with the kinds that came since."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and forget the projection: the next reader takes the whole ledger in again."""
    op.create_table(
        "imports",
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("site", sa.String(64), nullable=False),
        sa.Column("incarnation", sa.String(16), nullable=False),
        sa.Column("file", sa.String(64), nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("parts", sa.Integer, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("by", sa.String(14), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_index("imports_of_site", "imports", ["site", "position"])
    for table in ("progress", "declarations", "pending", "readings"):
        op.execute(sa.text(f"DELETE FROM {table}"))
