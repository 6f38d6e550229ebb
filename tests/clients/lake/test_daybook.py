"""The book of a table's days: what it names, how it begins, and that appended tables are watched by it, too."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.core.management import call_command

from clients.lake import daybook, losses
from clients.lake import manifest as manifests
from clients.lake.appending import append, compact
from clients.lake.losses import LostDays
from clients.lake.mirroring import mirror_day
from clients.lake.reading import relation
from tests import factories as make
from tests.clients.lake.damages import DAMAGES, book_of
from tests.clients.lake.test_mirroring import rows, trade, versions

DAY, EVE, OLD = make.DAY, date(2026, 11, 19), date(2026, 11, 18)
pytestmark = pytest.mark.django_db


def now() -> datetime:
    """The present: rows get their arrival from the database's clock."""
    return datetime.now(UTC)


def test_the_first_form_of_the_book_is_taken_over(lake: Path, con: duckdb.DuckDBPyConnection) -> None:
    bob = make.client("Bob")
    first, _second = trade(bob, OLD, "1"), trade(bob, EVE, "2")
    mirror_day(day=EVE, cutoff=now(), tables=["trades"])
    before = versions(["trades"], [OLD, EVE])
    book = book_of(lake, "trades")
    old_form = lake / "trades" / daybook.FIRST_FORM
    old_form.write_text(json.dumps({"id": json.loads(book.read_text())["id"]}))
    book.unlink()
    shutil.rmtree(lake / "trades" / f"day={OLD}")

    mirror_day(day=DAY, cutoff=now(), tables=["trades"])

    assert versions(["trades"], [OLD, EVE]) == before
    assert rows(con, "trades", OLD, "id") == [(first.pk,)]
    assert sorted(daybook.read("trades").days) == [OLD, EVE, DAY]
    assert not old_form.exists()


def test_a_damaged_book_is_named(lake: Path) -> None:
    mirror_day(day=DAY, cutoff=now(), tables=["trades"])
    book_of(lake, "trades").write_text("{")

    with pytest.raises(manifests.BrokenManifest, match=r"trades\.json is damaged .* Restore it from a backup"):
        mirror_day(day=DAY, cutoff=now(), tables=["trades"])


def test_days_that_are_as_they_were_are_not_opened(lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trade(make.client("Bob"), OLD, "1")
    mirror_day(day=DAY, cutoff=now(), tables=["trades"])
    read: list[Any] = []
    monkeypatch.setattr(manifests, "read", lambda table, day: read.append((table, day)))

    with daybook.opened("trades") as book:
        gone = book.lost()

    assert (gone, read) == ({}, [])


def add(con: duckdb.DuckDBPyConnection, word: str, day: date = EVE) -> int:
    """Append one word to a table that has no record behind it."""
    return append("words", day, con, f"(SELECT 7 AS client_id, '{word}' AS word)", key=["word"], order="word")


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_lost_day_of_an_appended_table_is_missed_by_all_until_it_is_given_up(
    lake: Path, con: duckdb.DuckDBPyConnection, damage: Callable[[Path], None]
) -> None:
    add(con, "a", OLD)
    add(con, "a")
    damage(lake / "words" / f"day={EVE}")

    for work in (
        lambda: losses.refuse_appended(mirrored=[]),
        lambda: add(con, "b"),
        lambda: compact("words", EVE, con, order="word"),
    ):
        with pytest.raises(LostDays) as loss:
            work()
        assert loss.value.lost == {"words": {EVE: "1 rows"}}
    call_command("lake", "accept-loss", "words", f"{EVE}")
    losses.refuse_appended(mirrored=[])

    assert add(con, "b") == 1
    assert con.execute(f"SELECT day.word FROM {relation('words', [OLD, EVE])} day ORDER BY 1").fetchall() == [
        ("a",),
        ("b",),
    ]
    losses.refuse_appended(mirrored=[])


def test_an_appended_table_without_a_book_gets_one_of_what_is_there(lake: Path, con: duckdb.DuckDBPyConnection) -> None:
    add(con, "a", OLD)
    book_of(lake, "words").unlink()

    add(con, "a")
    compact("words", EVE, con, order="word")

    assert sorted(daybook.read("words").days) == [OLD, EVE]
