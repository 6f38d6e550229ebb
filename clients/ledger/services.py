"""Actions on the ledger beside the import of files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import duckdb
from django.db import connection, transaction
from django.db.models import Max

from clients.lake import paths, scratch
from clients.lake.reading import open_lake, relation
from clients.ledger import commission
from clients.ledger.models import (
    CommissionMonth,
    DroppedDay,
    MarginAccountDay,
    MarginContractDay,
    Position,
    ProductHolding,
    Trade,
)
from clients.market.calendar import calendar

KEPT_MONTHS = 13  # of commission, the present one among them
KEPT_DAYS = 5  # trading days of daily state that the record keeps; the lake keeps all
DAILY = {
    "positions": Position,
    "product_holdings": ProductHolding,
    "margin_accounts": MarginAccountDay,
    "margin_contracts": MarginContractDay,
}


@dataclass(frozen=True)
class Pruned:
    """How many rows went, and by table of the lake the days that stay because it does not hold all of their rows."""

    rows: int = 0
    kept: Mapping[str, list[date]] = field(default_factory=dict)


@transaction.atomic
def prune_daily_state(*, day: date, now: datetime) -> Pruned:
    """This will drop daily state (positions, holdings of products, margin rows) older than the last trading days.

    The KEPT_DAYS trading days up to `day` stay. An older day goes only when every one of its rows lies in the lake;
    each table decides for itself. Imports of daily state wait meanwhile.
    """
    before = calendar().window(day, KEPT_DAYS)[0]
    rows, kept = 0, dict[str, list[date]]()
    with open_lake() as con:
        for table, model in DAILY.items():
            source = model._meta.db_table
            days = _days(source, before)
            missing = _missing(con, table, source, days) if days else []
            gone = [one for one in days if one not in missing]
            rows += model._default_manager.filter(day__in=gone).delete()[0]
            marks = [DroppedDay(source=source, day=one, at=now) for one in gone]
            DroppedDay.objects.bulk_create(marks, ignore_conflicts=True)
            kept |= {table: missing} if missing else {}
    return Pruned(rows, kept)


@transaction.atomic
def sum_commission(*, day: date) -> int:
    """This will bring the commission by client and month up to the trades that are there; how many months changed.

    The KEPT_MONTHS months up to that of `day` are kept. Imports of trades wait meanwhile, so none is passed over.
    """
    first = first_month(day, KEPT_MONTHS)
    CommissionMonth.objects.filter(month__lt=first).delete()
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE ledger_trade IN SHARE MODE")
        seen = CommissionMonth.objects.aggregate(seen=Max("seen"))["seen"] or 0
        newest = Trade.objects.filter(day__gte=first).aggregate(newest=Max("id"))["newest"] or 0
        args = {"first": first, "seen": seen, "newest": newest}
        cursor.execute("DROP TABLE IF EXISTS touched, taken_back")
        for statement in (commission.TOUCHED, commission.TAKEN_BACK, commission.SUMS):
            cursor.execute(statement, args)
        return int(cursor.rowcount)


def first_month(day: date, months: int) -> date:
    """Return the first day of the first of so many months, the last of which is that of `day`."""
    years, month = divmod(day.year * 12 + day.month - months, 12)
    return date(years, month + 1, 1)


def _days(source: str, before: date) -> list[date]:
    """The days older than `before`; no row joins them until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {source} IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(f"SELECT DISTINCT day FROM {source} WHERE day < %s ORDER BY day", [before])
        return [day for (day,) in cursor.fetchall()]


def _missing(con: duckdb.DuckDBPyConnection, table: str, source: str, days: list[date]) -> list[date]:
    """The days of which the lake lacks a row; rows are known by their id, since another content has another id."""
    with scratch.folder() as folder:
        file = folder / "ids.csv"
        with connection.cursor() as cursor, file.open("wb") as out:
            chosen = cursor.mogrify(f"SELECT day, id FROM {source} WHERE day = ANY(%s)", [days]).decode()
            cursor.copy_expert(f"COPY ({chosen}) TO STDOUT (FORMAT csv)", out)
        ours = f"read_csv({paths.quoted(file)}, header = false, columns = {{'day': 'DATE', 'id': 'BIGINT'}})"
        sql = f"SELECT DISTINCT day FROM {ours} ANTI JOIN {relation(table, days)} lake USING (day, id) ORDER BY day"
        return [day for (day,) in con.execute(sql).fetchall()]
