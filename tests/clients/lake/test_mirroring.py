"""The record's rows come into the lake once, late ones too, and what the record drops or replaces stays there."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Event, Thread
from typing import Any

import duckdb
import pytest
from django.db import connection, transaction

from clients.lake import daybook, mirroring
from clients.lake import manifest as manifests
from clients.lake.mirroring import mirror_day
from clients.lake.reading import relation
from clients.ledger.models import CashFlow, Position, Trade
from clients.register.models import Client
from tests import factories as make
from tests.clients.lake.damages import book_of

DAY, EVE = make.DAY, date(2026, 11, 19)
pytestmark = pytest.mark.django_db


def now() -> datetime:
    """The present: rows get their arrival from the database's clock."""
    return datetime.now(UTC)


def rows(con: duckdb.DuckDBPyConnection, table: str, day: date, columns: str) -> list[tuple[Any, ...]]:
    """Rows of a day in the lake, in the order of the record's ids."""
    return con.execute(f"SELECT {columns} FROM {relation(table, [day])} ORDER BY id").fetchall()


def trade(of: Client, day: date, number: str, **fields: Any) -> Trade:
    """One purchase."""
    known = {"exchange": "SH", "side": "buy", "business": "normal", "currency": "CNY", "amount": 10, "net_amount": 10}
    moment = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
    return Trade.objects.create(
        day=day, account=make.fund_account(of), client=of, security=make.security(), trade_no=number, time=moment,
        quantity=1, price=10, **{**known, **fields},
    )  # fmt: skip


def versions(tables: list[str], days: list[date]) -> dict[tuple[str, date], str]:
    """The published versions, to see whether anything moved."""
    found = {(table, day): manifests.read(table, day) for table in tables for day in days}
    return {key: manifest.version for key, manifest in found.items() if manifest}


def test_values_arrive_exactly_with_missing_ones_missing(lake: Path, con: duckdb.DuckDBPyConnection) -> None:
    bob = make.client("Bob")
    first = trade(bob, DAY, "1", amount=Decimal("123456789.01"), reversal_of="", channel='a,"b"\n\\N')
    second = trade(bob, DAY, "2", commission=Decimal("0.10"))

    mirror_day(day=DAY, cutoff=now())

    assert rows(con, "trades", DAY, "id, client_id, amount, commission, reversal_of, channel, time::VARCHAR") == [
        (first.pk, bob.pk, Decimal("123456789.01"), None, "", 'a,"b"\n\\N', "2026-11-20 10:00:00+08"),
        (second.pk, bob.pk, Decimal("10.00"), Decimal("0.10"), "", "", "2026-11-20 10:00:00+08"),
    ]


def test_a_day_without_rows_is_published_empty(lake: Path, con: duckdb.DuckDBPyConnection) -> None:
    counts = mirror_day(day=DAY, cutoff=now())

    assert counts["trades"] == 0
    assert manifests.days("trades") == [DAY]
    assert rows(con, "trades", DAY, "id, net_amount") == []


def test_doing_it_again_changes_no_file(lake: Path, con: duckdb.DuckDBPyConnection) -> None:
    bob = make.client("Bob")
    trade(bob, DAY, "1")
    make.position(bob)
    cutoff = now()
    mirror_day(day=DAY, cutoff=cutoff)
    before = {file: file.stat().st_mtime_ns for file in lake.glob("*/day=*/v=*/*")}

    mirror_day(day=DAY, cutoff=cutoff)
    book_of(lake, "trades").unlink()  # as if killed before the book was written
    mirror_day(day=DAY, cutoff=cutoff)

    assert {file: file.stat().st_mtime_ns for file in lake.glob("*/day=*/v=*/*")} == before
    assert len(before) == len(manifests_of(lake))


def manifests_of(lake: Path) -> list[Path]:
    """All manifests of the lake."""
    return list(lake.glob("*/day=*/manifest.json"))


def test_all_history_comes_on_the_first_day_and_late_rows_join_their_day(
    lake: Path, con: duckdb.DuckDBPyConnection
) -> None:
    bob = make.client("Bob")
    old = [trade(bob, date(2007, 3, 1) + timedelta(days=n), str(n)) for n in range(3)]
    mirror_day(day=EVE, cutoff=now())
    untouched = versions(["trades"], [old[0].day, old[2].day])

    late = trade(bob, old[1].day, "late")
    mirror_day(day=DAY, cutoff=now())

    assert manifests.days("trades") == [*(row.day for row in old), EVE, DAY]
    assert rows(con, "trades", old[1].day, "id") == [(old[1].pk,), (late.pk,)]
    assert versions(["trades"], [old[0].day, old[2].day]) == untouched


def test_many_days_come_in_several_portions(lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mirroring, "ROWS_AT_ONCE", 2)
    bob = make.client("Bob")
    for n in range(5):
        trade(bob, date(2026, 11, 2) + timedelta(days=n // 2), str(n))

    mirror_day(day=DAY, cutoff=now(), tables=["trades"])

    counts = {day: manifests.read("trades", day).rows for day in manifests.days("trades")}  # type: ignore[union-attr]
    assert counts == {date(2026, 11, 2): 2, date(2026, 11, 3): 2, date(2026, 11, 4): 1, DAY: 0}


def test_a_replaced_position_stays_with_the_moment_it_was_replaced(lake: Path, con: duckdb.DuckDBPyConnection) -> None:
    bob, charlie = make.client("Bob"), make.client("Charlie")
    old, other = make.position(bob, quantity=Decimal(100)), make.position(charlie)
    mirror_day(day=DAY, cutoff=now())

    Position.objects.filter(client=bob).delete()
    new = make.position(bob, quantity=Decimal(200))
    new.refresh_from_db()
    mirror_day(day=DAY, cutoff=now())
    once = versions(["positions"], [DAY])
    book_of(lake, "positions").unlink()
    mirror_day(day=DAY, cutoff=now())

    found = rows(con, "positions", DAY, "id, quantity::INTEGER, epoch_us(replaced_at)")
    moment = (new.arrived_at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    assert found == [(old.pk, 100, moment), (other.pk, 100, None), (new.pk, 200, None)]
    assert versions(["positions"], [DAY]) == once


def test_a_day_that_the_record_drops_stays_in_the_lake(lake: Path, con: duckdb.DuckDBPyConnection) -> None:
    bob = make.client("Bob")
    kept = make.position(bob, day=EVE)
    mirror_day(day=EVE, cutoff=now())

    Position.objects.filter(day=EVE).delete()
    make.position(bob, day=DAY)
    book_of(lake, "positions").unlink()
    mirror_day(day=EVE, cutoff=now())
    mirror_day(day=DAY, cutoff=now())

    assert rows(con, "positions", EVE, "id, replaced_at IS NULL") == [(kept.pk, True)]


def test_clients_lie_in_buckets_by_their_surrogate_id(lake: Path) -> None:
    for number in (7, 99_999, 100_000, 1_234_567):
        trade(make.client("Bob", id=number), DAY, str(number))

    mirror_day(day=DAY, cutoff=now())

    for table in ("clients", "trades"):
        found = manifests.read(table, DAY)
        assert found is not None
        assert [(piece.name, piece.rows) for piece in found.pieces] == [
            ("bucket=00", 2),
            ("bucket=01", 1),
            ("bucket=12", 1),
        ]


def test_cash_flows_of_a_day_are_all_there(lake: Path, con: duckdb.DuckDBPyConnection) -> None:
    bob = make.client("Bob")
    flow = make.cash(bob, Decimal("12.50"), kind=CashFlow.Kind.BANK_IN, amount=Decimal("2.50"), bank="ICBC")

    mirror_day(day=DAY, cutoff=now(), tables=["cashflows"])

    assert rows(con, "cashflows", DAY, "id, kind, amount, balance_after") == [
        (flow.pk, "bank_in", Decimal("2.50"), Decimal("12.50"))
    ]
    assert manifests.days("trades") == []


def test_the_lake_of_another_database_is_refused(lake: Path) -> None:
    bob = make.client("Bob")
    trade(bob, DAY, "1")
    mirror_day(day=DAY, cutoff=now())
    with daybook.opened("trades") as book:
        book.id = 999_999_999
    trade(bob, DAY, "2")

    with pytest.raises(mirroring.OtherRecord, match="Give each database a LAKE_DIR of its own"):
        mirror_day(day=DAY, cutoff=now())

    found = manifests.read("trades", DAY)
    assert found is not None
    assert found.rows == 1


@pytest.mark.django_db(transaction=True)
def test_rows_in_flight_are_waited_for_though_later_numbers_are_there(
    lake: Path, con: duckdb.DuckDBPyConnection
) -> None:
    bob = make.client("Bob")
    trade(bob, EVE, "0")
    begun, finish = Event(), Event()
    slow = Thread(target=_slow_import, args=(bob, begun, finish))
    slow.start()
    begun.wait()
    trade(bob, DAY, "later number, committed first")

    mirror = Thread(target=_in_own_connection, args=(lambda: mirror_day(day=DAY, cutoff=now(), tables=["trades"]),))
    mirror.start()
    _wait_for_a_waiting_lock()
    finish.set()
    mirror.join()
    slow.join()

    assert rows(con, "trades", EVE, "trade_no") == [("0",), ("in flight",)]
    assert rows(con, "trades", DAY, "trade_no") == [("later number, committed first",)]


def _slow_import(bob: Client, begun: Event, finish: Event) -> None:
    """A transaction that has written and is not done yet."""

    def work() -> None:
        with transaction.atomic():
            trade(bob, EVE, "in flight")
            begun.set()
            finish.wait()

    _in_own_connection(work)


def _in_own_connection(work: Callable[[], object]) -> None:
    try:
        work()
    finally:
        connection.close()


def _wait_for_a_waiting_lock() -> None:
    """Wait until the mirror stands in line behind the import."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'ShareLock'")
            if cursor.fetchone()[0]:
                return
