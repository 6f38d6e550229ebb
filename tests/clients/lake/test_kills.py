"""Real processes write, and are killed; a reader always sees one whole version."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from clients.lake.reading import relation
from tests.clients.lake import processes
from tests.clients.lake.processes import DAY, TABLE, rows_of

ROOT = Path(__file__).resolve().parents[3]


def start(verb: str, lake: Path) -> subprocess.Popen[bytes]:
    """Begin a story of `processes` in a lake."""
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings", "WANGTING_VAR": str(lake.parent / "var")}
    return subprocess.Popen([sys.executable, "-m", "tests.clients.lake.processes", verb, str(lake)], cwd=ROOT, env=env)


def whole_version(con: duckdb.DuckDBPyConnection) -> int | None:
    """The number of the version that a reader sees; None before the first. Fails when it is not one whole version."""
    try:
        rows = relation(TABLE, [DAY])
    except LookupError:
        return None
    least, most, many = con.execute(f"SELECT min(n), max(n), count(*) FROM {rows}").fetchall()[0]
    assert least == most
    assert many == 3 * rows_of(least)
    return int(least)


def watched(con: duckdb.DuckDBPyConnection, story: subprocess.Popen[bytes]) -> Iterator[int | None]:
    """What a reader sees, again and again while the story lasts, and once afterwards."""
    while story.poll() is None:
        yield whole_version(con)
    assert story.returncode == 0
    yield whole_version(con)


def test_a_writer_killed_at_any_step_leaves_one_whole_version_and_no_rubbish(
    lake: Path, con: duckdb.DuckDBPyConnection, settings: Any
) -> None:
    assert start("steps", lake).wait() == 0

    lakes, seen = sorted(lake.glob("[0-9]*")), []
    for folder in lakes:
        settings.LAKE_DIR = folder
        seen.append(whole_version(con))
        processes.write(3)
        assert whole_version(con) == 3
        assert rubbish(folder) == set()

    # Killed early the first version stands; from the swap of the manifest on, and unkilled, the second.
    assert len(lakes) > 10
    assert seen == sorted(seen)
    assert set(seen) == {1, 2}


def rubbish(lake: Path) -> set[str]:
    """What a killed writer left and the next one did not remove."""
    day = {path.name for path in (lake / TABLE / f"day={DAY}").iterdir() if not path.name.startswith("v=")}
    return (day - {".lock", "manifest.json"}) | {path.name for path in (lake / ".scratch").iterdir()} - {".held"}


def test_readers_see_whole_versions_while_writers_are_killed_at_random(
    lake: Path, con: duckdb.DuckDBPyConnection
) -> None:
    seen = list(watched(con, start("storm", lake)))

    versions = [n for n in seen if n is not None]
    assert len(versions) > 2
    assert versions == sorted(versions)
    assert versions[-1] >= (processes.ROUNDS - 1) * 1000  # the last writer, too, got through before it was killed


def test_of_two_writers_at_once_the_last_whole_one_stands(lake: Path, con: duckdb.DuckDBPyConnection) -> None:
    seen = list(watched(con, start("race", lake)))

    assert seen[-1] in (14, 1014)


def words(con: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """How many rows the appended table has, and how many different words."""
    sql = f"SELECT count(*), count(DISTINCT word) FROM {relation('words', [DAY])}"
    return con.execute(sql).fetchall()[0]


def test_an_append_killed_at_any_step_adds_all_its_rows_or_none(
    lake: Path, con: duckdb.DuckDBPyConnection, settings: Any
) -> None:
    assert start("append-steps", lake).wait() == 0

    counts = []
    for folder in sorted(lake.glob("[0-9]*")):
        settings.LAKE_DIR = folder
        counts.append(words(con)[0])
        processes.add(2, 2)
        assert words(con) == (20, 20)

    assert counts == sorted(counts)
    assert set(counts) == {10, 20}


def test_appends_of_two_processes_lose_nothing_and_keep_each_key_once(
    lake: Path, con: duckdb.DuckDBPyConnection
) -> None:
    assert start("append-race", lake).wait() == 0

    assert words(con) == (2 * 10 * 5 + 10 * 5, 2 * 10 * 5 + 10 * 5)


@pytest.mark.parametrize("name", ["../numbers", "Numbers", "", "a b"])
def test_a_name_that_is_no_folder_of_ours_is_refused(lake: Path, name: str) -> None:
    with pytest.raises(ValueError, match="cannot be a table"):
        relation(name, [DAY])

    assert not lake.exists()
