"""Days that vanish from the lake come back from the record, or are missed loudly; nothing goes on without them."""

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from django.core.management import CommandError, call_command

from clients.lake import daybook, losses
from clients.lake import manifest as manifests
from clients.lake.losses import LostDays
from clients.lake.mirroring import mirror_day
from clients.ledger.models import DroppedDay, Position
from tests import factories as make
from tests.clients.lake.damages import DAMAGES, book_of, half_a_manifest
from tests.clients.lake.test_mirroring import rows, trade, versions

DAY, EVE, OLD = make.DAY, date(2026, 11, 19), date(2026, 11, 18)
pytestmark = pytest.mark.django_db


def now() -> datetime:
    """The present: rows get their arrival from the database's clock."""
    return datetime.now(UTC)


def mirror(day: date, *tables: str) -> dict[str, int]:
    """Mirror only what the test looks at: a mirror of every table takes seconds."""
    return mirror_day(day=day, cutoff=now(), tables=tables or ["positions"])


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_the_record_still_has_comes_back_as_it_was(
    lake: Path, con: duckdb.DuckDBPyConnection, damage: Callable[[Path], None]
) -> None:
    bob = make.client("Bob")
    for day in (OLD, EVE):
        trade(bob, day, f"{day}")
        make.position(bob, day=day)
    tables, days = ["trades", "positions", "clients"], [OLD, EVE]
    mirror(EVE, *tables)
    before = versions(tables, days)
    for table, day in (("trades", OLD), ("positions", OLD), ("clients", EVE)):
        damage(lake / table / f"day={day}")

    mirror(DAY, *tables)

    assert versions(tables, days) == before
    assert rows(con, "trades", OLD, "trade_no") == [(f"{OLD}",)]
    assert rows(con, "positions", OLD, "client_id, replaced_at IS NULL") == [(bob.pk, True)]


def pruned(lake: Path) -> Position:
    """A position that only the lake has: the record keeps few days."""
    kept = make.position(make.client("Bob"), day=EVE)
    mirror(EVE)
    Position.objects.filter(day=EVE).delete()
    make.position(make.client("Charlie"), day=DAY)
    return kept


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_day_that_the_record_dropped_is_missed_until_it_is_restored(
    lake: Path, con: duckdb.DuckDBPyConnection, damage: Callable[[Path], None], tmp_path: Path
) -> None:
    kept = pruned(lake)
    home = lake / "positions" / f"day={EVE}"
    shutil.copytree(home, tmp_path / "backup")
    damage(home)

    for _attempt in range(2):
        with pytest.raises(LostDays) as loss:
            mirror(DAY, "positions", "trades")
        assert loss.value.lost == {"positions": {EVE: "1 rows, of which the record still gives 0"}}
        assert DAY not in manifests.days("positions")
        assert manifests.days("trades") == [DAY]  # what can be had is there
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(tmp_path / "backup", home)
    mirror(DAY)

    assert rows(con, "positions", EVE, "id") == [(kept.pk,)]
    assert len(rows(con, "positions", DAY, "id")) == 1


def test_the_loss_says_what_is_lost_and_what_to_do(lake: Path) -> None:
    pruned(lake)
    shutil.rmtree(lake / "positions")  # the whole table: its book lies elsewhere

    with pytest.raises(LostDays) as loss:
        mirror(DAY)

    assert isinstance(loss.value, OSError)  # what takes files in and knows no lake says the first line
    assert str(loss.value).splitlines() == [
        f"1 published day is lost from the lake in {lake} (positions), and the record cannot give them again."
        " Restore their folders from a backup, or accept the loss with `manage.py lake accept-loss TABLE DAY`.",
        "  positions day=2026-11-19: 1 rows, of which the record still gives 0",
    ]


def test_of_many_lost_days_the_first_are_named_and_all_are_counted() -> None:
    gone = {date(2026, 1, day): daybook.Entry(rows=1000) for day in range(1, 13)}

    with pytest.raises(LostDays) as loss:
        losses.refuse("events", gone)

    said = str(loss.value).splitlines()
    assert said[0].startswith("12 published days are lost")
    assert len(said) == 12
    assert said[1] == "  events day=2026-01-01: 1,000 rows"
    assert said[-1] == "  events: and 2 more, the last one 2026-01-12"


def test_rows_that_were_replaced_are_missed_though_the_record_has_the_day(lake: Path) -> None:
    bob = make.client("Bob")
    make.position(bob, quantity=Decimal(100))
    mirror(DAY)
    shutil.rmtree(lake / "positions" / f"day={DAY}")
    Position.objects.all().delete()
    make.position(bob, quantity=Decimal(200))

    with pytest.raises(LostDays, match="1 rows, of which the record still gives 0"):
        mirror(DAY)

    assert manifests.days("positions") == []


def test_what_the_record_let_go_is_missed_even_when_the_whole_lake_is_gone(
    lake: Path, con: duckdb.DuckDBPyConnection
) -> None:
    pruned(lake)
    DroppedDay.objects.create(source="ledger_position", day=EVE, at=now())
    shutil.rmtree(lake)
    late = make.position(make.client("Dan"), day=EVE)

    with pytest.raises(LostDays) as loss:
        mirror(DAY)
    assert loss.value.lost == {"positions": {EVE: "an unknown number of rows, of which the record still gives 0"}}
    losses.accept_loss("positions", first=EVE, last=EVE, now=now())
    mirror(DAY)

    assert rows(con, "positions", EVE, "id") == [(late.pk,)]


def test_an_accepted_loss_leaves_what_the_record_has_and_is_remembered(
    lake: Path, con: duckdb.DuckDBPyConnection
) -> None:
    pruned(lake)
    half_a_manifest(lake / "positions" / f"day={EVE}")

    call_command("lake", "accept-loss", "positions", "2026-11-01", f"{DAY}")
    mirror(DAY)

    assert rows(con, "positions", EVE, "id") == []
    assert len(rows(con, "positions", DAY, "id")) == 1
    assert daybook.read("positions").accepted[f"{EVE}"]["rows"] == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["positions", "2026-11-20"], "positions has lost no day from 2026-11-20 to 2026-11-20"),
        (["nonsense", "2026-11-19"], "nonsense has lost no day"),
        (["../positions", "2026-11-19"], "cannot be a table of the lake"),
        (["positions", "yesterday"], "yesterday is no date"),
    ],
)
def test_only_what_is_lost_can_be_given_up(lake: Path, words: list[str], sentence: str) -> None:
    pruned(lake)
    before = book_of(lake, "positions").read_text()

    with pytest.raises(CommandError, match=sentence):
        call_command("lake", "accept-loss", *words)

    assert book_of(lake, "positions").read_text() == before


def test_an_empty_day_is_no_loss(lake: Path) -> None:
    make.position(make.client("Bob"), day=OLD)
    mirror(EVE)
    shutil.rmtree(lake / "positions" / f"day={EVE}")

    mirror(DAY)

    assert manifests.days("positions") == [OLD, EVE, DAY]


@pytest.mark.django_db(transaction=True)  # each change in a transaction of its own has a moment of its own
def test_a_lost_snapshot_comes_back_as_known_at_its_own_cutoff(lake: Path, con: duckdb.DuckDBPyConnection) -> None:
    here, there = make.branch(), make.branch()
    bob = make.client("Bob", at=here)
    mirror(EVE, "clients")
    before = versions(["clients"], [EVE])
    bob.branch = there
    bob.save()
    shutil.rmtree(lake / "clients" / f"day={EVE}")

    mirror(DAY, "clients")

    assert versions(["clients"], [EVE]) == before
    assert rows(con, "clients", EVE, "branch_id") == [(here.pk,)]
    assert rows(con, "clients", DAY, "branch_id") == [(there.pk,)]


def test_a_snapshot_with_fewer_rows_than_were_lost_is_refused(lake: Path) -> None:
    make.client("Bob")
    mirror(EVE, "clients")
    with daybook.opened("clients") as book:
        book.days[EVE] = daybook.Entry(rows=2, cutoff=book.days[EVE].cutoff)
    shutil.rmtree(lake / "clients" / f"day={EVE}")

    with pytest.raises(LostDays, match="clients day=2026-11-19: 2 rows, of which the record still gives 1"):
        mirror(DAY, "clients")

    assert manifests.days("clients") == []
