"""Opening the registry's file: for its owner only, migrated to today's tables, one writer at a time."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError, OperationalError

from cloud.registry.messages import DatabaseBroken, NewerVersion
from contract.errors import CannotBeDone
from journal.messages import PathError

NAME = "registry.db"
HEAD = "0003"
"""The newest migration in migrations/versions."""
_MIGRATIONS = Path(__file__).parent / "migrations"


def connect(folder: Path) -> Engine:
    """The engine of a data folder's registry, made and migrated as needed. Raises CannotBeDone."""
    path = folder / NAME
    try:
        _make(path)
        engine = create_engine(URL.create("sqlite", database=str(path)))
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        if _version(engine) != HEAD:
            _migrate(engine)
    except OSError as error:
        raise CannotBeDone(PathError(str(path), str(error.strerror))) from None
    except OperationalError as error:
        raise CannotBeDone(PathError(str(path), str(error.orig))) from None
    except DatabaseError as error:
        raise CannotBeDone(DatabaseBroken(str(path), str(error.orig))) from None
    return engine


def _make(path: Path) -> None:
    """An empty file for its owner only where there is none.

    One that is there is never opened beside SQLite: closing it would drop every lock that this process holds on it.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))


def _prepare(raw: Any, record: Any) -> None:
    """Transactions are begun by us, with the lock at once: no read can turn into a write that fails."""
    raw.isolation_level = None
    for pragma in ("busy_timeout = 20000", "journal_mode = WAL", "synchronous = FULL"):
        raw.execute(f"PRAGMA {pragma}")


def _version(engine: Engine) -> str | None:
    with engine.begin() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return None if found is None else str(found)


def _migrate(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise CannotBeDone(NewerVersion(str(engine.url.database), str(error))) from None
