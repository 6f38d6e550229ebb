"""Features of past days: read as they were stored, computed where a column is younger, or left out with the reason."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from clients.lake import manifest as manifests
from clients.lake.publishing import writing
from clients.lake.reading import open_lake, relation
from clients.portrait.building import TABLE
from clients.portrait.pastdays import Past, open_past
from tests import factories as make
from tests.clients.portrait.world import DAY, bar, run, trade

pytestmark = pytest.mark.django_db
BEFORE = DAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def lake(settings: Any, tmp_path: Path) -> None:
    settings.LAKE_DIR = tmp_path


def told(days: list[date], *names: str) -> tuple[list[Any], Past]:
    """Day, client and the values of these features on these days, and what was told of the days."""
    with open_past(days, names) as (con, past):
        rows = con.execute(f"SELECT lake_day, client_id, {', '.join(names)} FROM {past.relation} ORDER BY ALL")
        return rows.fetchall(), past


def rewritten(day: date, *without: str, **notes: Any) -> None:
    """Publish the day once more as an older catalogue would have written it."""
    found = manifests.read(TABLE, day)
    assert found is not None
    names = ", ".join(f'"{name}"' for name in found.columns if name not in without)
    with open_lake() as con, writing(TABLE, day) as draft:
        draft.notes = {**found.notes, **notes}
        draft.write(con, "bucket=00", f"SELECT {names} FROM {relation(TABLE, [day])}")


def test_stored_days_are_read_with_the_day_that_each_row_is_of() -> None:
    bob = make.client("Bob")
    for day, balance in ((BEFORE, 100), (DAY, 200)):
        make.cash(bob, balance, day=day)
        run(day)

    rows, past = told([BEFORE, DAY], "cash_available")

    assert rows == [(BEFORE, bob.pk, 100), (DAY, bob.pk, 200)]
    assert (past.read, past.recomputed, past.left_out) == ((BEFORE, DAY), (), {})


def test_what_arrives_late_changes_no_stored_day() -> None:
    bob = make.client("Bob")
    make.cash(bob, 100, day=BEFORE)
    run(BEFORE)
    make.cash(bob, 999, day=BEFORE)
    make.cash(bob, 999, day=DAY)
    run(DAY)

    rows, _past = told([BEFORE], "cash_available")

    assert rows == [(BEFORE, bob.pk, 100)]


def test_a_column_that_the_day_does_not_have_is_computed_as_of_the_day() -> None:
    bob = make.client("Bob")
    make.position(bob, make.security("600519"))
    bar(make.security("600519"), "10.45", "9.50", limit_up="10.45", limit_down="8.55")
    run(DAY)
    before, _past = told([DAY], "cash_available", "held_delisting_value")
    rewritten(DAY, "held_delisting_value")
    make.position(bob, make.security("600000"))

    rows, past = told([DAY], "cash_available", "held_delisting_value")

    assert rows == before
    assert past.recomputed == (DAY,)


def test_a_column_that_rests_on_what_is_carried_on_is_named_and_its_day_left_out() -> None:
    bob = make.client("Bob")
    trade(bob, BEFORE, "1")
    run(BEFORE)
    rewritten(BEFORE, "days_since_first_trade")
    trade(bob, BEFORE, "2")
    run(DAY)

    rows, past = told([BEFORE, DAY], "days_since_first_trade")

    assert [row[0] for row in rows] == [DAY]
    assert past.left_out[BEFORE].startswith("days_since_first_trade: ")
    assert past.left_out[BEFORE].endswith("of that day is not kept as it was")


def test_days_without_a_night_and_blind_ones_are_left_out() -> None:
    make.cash(make.client("Bob"), 100)
    run(DAY)
    rewritten(DAY, stale=["cash_available"])

    rows, past = told([BEFORE, DAY], "cash_available")

    assert rows == []
    assert past.left_out == {BEFORE: "no night was run", DAY: "cash_available: its source brought nothing"}
