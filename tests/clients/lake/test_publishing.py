"""A day is published whole: the same rows are the same version, and the one before stays for those who read it."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from clients.lake import manifest as manifests
from clients.lake.publishing import GRACE, NothingWritten, tidy, writing
from clients.lake.reading import relation
from tests.clients.lake.damages import DAMAGES

DAY = date(2026, 11, 20)


def publish(con: duckdb.DuckDBPyConnection, *values: int) -> str:
    """Publish these numbers as the day's only rows; the version."""
    listed = ", ".join(f"({value})" for value in values)
    with writing("numbers", DAY) as draft:
        draft.write(con, "all", f"SELECT n::INTEGER AS n FROM (VALUES {listed}) t(n) ORDER BY n")
    return published().version


def published() -> manifests.Manifest:
    """The manifest of the day."""
    found = manifests.read("numbers", DAY)
    assert found is not None
    return found


def versions(lake: Path) -> set[str]:
    """The versions that are on disk."""
    return {folder.name.removeprefix("v=") for folder in (lake / "numbers" / f"day={DAY}").glob("v=*")}


def age(lake: Path, version: str) -> None:
    """Make a version look superseded for longer than any query lasts."""
    folder = lake / "numbers" / f"day={DAY}" / f"v={version}"
    past = folder.stat().st_mtime - GRACE.total_seconds() - 60
    os.utime(folder, (past, past))


def test_the_files_lie_where_the_architecture_says(lake: Path, con: duckdb.DuckDBPyConnection) -> None:
    with writing("numbers", DAY) as draft:
        draft.write(con, "bucket=00", "SELECT 5 AS client_id")
        draft.write(con, "bucket=anon", "SELECT NULL::INTEGER AS client_id")

    home = lake / "numbers" / "day=2026-11-20" / f"v={published().version}"
    assert sorted(file.name for file in home.iterdir()) == ["bucket=00.parquet", "bucket=anon.parquet"]
    assert published().rows == 2
    assert published().columns == {"client_id": "INTEGER"}


def test_the_same_rows_are_the_same_version_and_nothing_moves(lake: Path, con: duckdb.DuckDBPyConnection) -> None:
    first = publish(con, 1, 2, 3)
    before = (lake / "numbers" / f"day={DAY}" / "manifest.json").stat().st_mtime_ns

    second = publish(con, 3, 2, 1)

    assert second == first
    assert (lake / "numbers" / f"day={DAY}" / "manifest.json").stat().st_mtime_ns == before
    assert versions(lake) == {first}


def test_other_rows_are_another_version_and_the_one_before_stays(lake: Path, con: duckdb.DuckDBPyConnection) -> None:
    first = publish(con, 1)
    rows_before = relation("numbers", [DAY])

    second = publish(con, 2)

    assert (published().version, published().previous) == (second, first)
    assert con.execute(f"SELECT * FROM {rows_before}").fetchall() == [(1,)]  # a query planned before the publish
    assert con.execute(f"SELECT * FROM {relation('numbers', [DAY])}").fetchall() == [(2,)]


def test_a_version_that_returns_is_taken_up_again(lake: Path, con: duckdb.DuckDBPyConnection) -> None:
    first = publish(con, 1)
    second = publish(con, 2)

    third = publish(con, 1)

    assert third == first
    assert published().previous == second
    assert versions(lake) == {first, second}


def test_a_damaged_version_is_not_taken_for_the_same(lake: Path, con: duckdb.DuckDBPyConnection) -> None:
    first = publish(con, 1)
    published().files()[0].write_bytes(b"torn")

    publish(con, 1)

    assert published().version == first
    assert con.execute(f"SELECT * FROM {relation('numbers', [DAY])}").fetchall() == [(1,)]


def test_old_versions_go_after_the_grace_but_never_the_last_two(lake: Path, con: duckdb.DuckDBPyConnection) -> None:
    first, second, third = publish(con, 1), publish(con, 2), publish(con, 3)
    assert versions(lake) == {first, second, third}
    age(lake, first)
    age(lake, second)
    age(lake, third)

    fourth = publish(con, 4)

    assert versions(lake) == {third, fourth}


def test_tidying_leaves_only_the_published_version_once_the_grace_is_over(
    lake: Path, con: duckdb.DuckDBPyConnection
) -> None:
    first, second = publish(con, 1), publish(con, 2)

    tidy("numbers", [DAY, date(2026, 11, 19)])
    assert versions(lake) == {first, second}
    age(lake, first)
    tidy("numbers", [DAY])

    assert versions(lake) == {second}


def test_a_failing_writer_publishes_nothing(lake: Path, con: duckdb.DuckDBPyConnection) -> None:
    first = publish(con, 1)

    with pytest.raises(duckdb.Error), writing("numbers", DAY) as draft:  # noqa: PT012, the block is what fails
        draft.write(con, "all", "SELECT 2 AS n")
        draft.write(con, "all", "SELECT nothing FROM nowhere")

    assert published().version == first
    assert versions(lake) == {first}


def test_a_draft_without_a_piece_is_refused(lake: Path) -> None:
    with pytest.raises(NothingWritten), writing("numbers", DAY):
        pass

    assert manifests.read("numbers", DAY) is None
    assert manifests.days("numbers") == []


def test_a_damaged_manifest_says_which_file_it_is(lake: Path, con: duckdb.DuckDBPyConnection) -> None:
    publish(con, 1)
    file = lake / "numbers" / f"day={DAY}" / "manifest.json"
    file.write_text("{")

    with pytest.raises(manifests.BrokenManifest, match=r"day=2026-11-20/manifest\.json is damaged"):
        relation("numbers", [DAY])


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("numbers", [(1, 2), (7,)])  # the same rows as before, and others
def test_a_damaged_day_can_be_published_again(
    lake: Path, con: duckdb.DuckDBPyConnection, damage: Callable[[Path], None], numbers: tuple[int, ...]
) -> None:
    publish(con, 1, 2)
    damage(lake / "numbers" / f"day={DAY}")

    publish(con, *numbers)

    rows = con.execute(f"SELECT n FROM {relation('numbers', [DAY])} ORDER BY n").fetchall()
    assert rows == [(number,) for number in numbers]
    assert published().complete


def test_a_manifest_is_parsed_once_and_again_when_another_process_replaces_it(
    lake: Path, con: duckdb.DuckDBPyConnection
) -> None:
    publish(con, 1)
    file = lake / "numbers" / f"day={DAY}" / "manifest.json"
    first, again = published(), published()
    other = file.with_name("other.json")
    other.write_text(file.read_text(encoding="utf-8").replace('"previous": ""', '"previous": "0123"'), encoding="utf-8")

    other.replace(file)

    assert first is again
    assert published().previous == "0123"


def test_only_who_says_so_does_not_wait_for_the_disk(
    lake: Path, con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[int] = []
    monkeypatch.setattr(os, "fsync", waits.append)
    with manifests.unsynced():
        publish(con, 1)
    hurried = len(waits)

    publish(con, 2)

    assert (hurried, len(waits)) == (0, 5)  # the file, the folder of the version, its parent; the manifest, its folder
    assert con.execute(f"SELECT n FROM {relation('numbers', [DAY])}").fetchall() == [(2,)]
