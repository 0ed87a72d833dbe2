"""The registry's file: its migrations make the tables of today, for its owner only, whatever was there."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from cloud.registry import Registry, database
from cloud.registry.tables import PROJECTED, metadata
from cloud.settings import load
from contract.errors import BadInput, CannotBeDone
from tests.desk.bench import Bench


def test_the_migrations_make_the_tables_that_the_code_names(tmp_path: Path) -> None:
    engine = database.connect(tmp_path)
    with engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()
    scripts = ScriptDirectory(str(Path(database.__file__).parent / "migrations"))
    assert scripts.get_heads() == [database.HEAD]
    assert (tmp_path / database.NAME).stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_no_registry_or_of_a_newer_version_is_named(tmp_path: Path) -> None:
    (tmp_path / database.NAME).write_bytes(b"no database at all, but long enough to be looked at" * 20)
    with pytest.raises(CannotBeDone, match=database.NAME):
        database.connect(tmp_path)
    (tmp_path / database.NAME).unlink()
    database.connect(tmp_path).dispose()
    with sqlite3.connect(tmp_path / database.NAME) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()
    with pytest.raises(CannotBeDone, match="newer version"):
        database.connect(tmp_path)


def test_a_rebuild_gives_the_same_tables_and_keeps_people_and_tokens(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.take("2024-01-01,2024-01-02,main,electricity,1500,kWh\n")
    bench.run("token", "make", "--site", "mill", "--for", "x")

    def dump() -> dict[str, list[tuple[object, ...]]]:
        with sqlite3.connect(bench.folder / "cloud" / "registry.db") as raw:
            found = {t: raw.execute(f"SELECT * FROM {t} ORDER BY 1").fetchall() for t in metadata.tables}
        raw.close()
        return found

    before = dump()
    assert bench.run("rebuild") == {"declarations": 2, "readings": 1}
    assert dump() == before
    with sqlite3.connect(bench.folder / "cloud" / "registry.db") as raw:
        for table in PROJECTED:
            raw.execute(f"DELETE FROM {table.name}")
    raw.close()
    bench.run("rebuild")
    assert dump() == before


def test_people_have_one_pseudonym_each_and_it_leads_back_to_them(tmp_path: Path) -> None:
    (tmp_path / "cloud.yaml").write_text("sites: []\n")
    registry = Registry(load(tmp_path / "cloud.yaml"))
    wang, li = registry.people.pseudonym("王敏"), registry.people.pseudonym("李强")
    assert wang != li and registry.people.pseudonym(" 王敏 ") == wang
    assert registry.people.name(wang) == "王敏" and registry.people.name("p-000000000000") is None
    for bad in ("", "  ", "a\nb", "x" * 201):
        with pytest.raises(BadInput, match="no name"):
            registry.people.pseudonym(bad)
    registry.close()
