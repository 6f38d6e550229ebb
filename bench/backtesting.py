"""One strategy back-tested over many days of many clients, against a bare scan of the same columns and days."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from time import perf_counter, process_time

from bench import throwaway
from bench.scan import summed
from clients.lake import manifest as manifests
from clients.lake.publishing import writing
from clients.lake.reading import dated, open_lake
from clients.market.calendar import calendar
from clients.portrait import catalogue
from clients.portrait.building import TABLE
from kpm.engine.backtest import replay_into
from kpm.strategies.backtesting.past import open_rows
from kpm.strategies.backtesting.turns import turns_of
from kpm.strategies.models import Strategy, StrategyVersion

CLIENTS, DAYS, UNTIL = 100_000, 250, date(2026, 11, 20)
CONDITION = """assets_avg_20td >= 1500000 AND cash_ratio > 0.7 AND cash_idle_days >= 30
AND (top1_position_ratio IS NULL OR top1_position_ratio < 0.5)"""
# Values that move slowly from day to day and differ between clients; `i` is the client, `d` the number of the day.
COLUMNS = {
    "assets_avg_20td": "(hash(i) % 2000000) * (0.9 + (hash(i * 7 + d // 5) % 200) / 1000.0)",
    "cash_ratio": "(hash(i * 11 + d // 20) % 1000) / 1000.0",
    "cash_idle_days": "(hash(i * 13) + d) % 60",
    "top1_position_ratio": "CASE WHEN hash(i * 17) % 10 > 0 THEN (hash(i * 19 + d // 10) % 1000) / 1000.0 END",
}


@dataclass
class Spent:
    """Seconds of the clock and of all threads of this process."""

    wall: float = 0.0
    cpu: float = 0.0


def backtest_s(clients: int = CLIENTS, days: int = DAYS) -> dict[str, float]:
    """Measure one strategy over so many days and clients; seconds by name, `matched` and `new` rows beside them.

    `backtest_s` is the clock, `scan_s` that of the bare scan; `…_cpu_s` are user and system time of all threads.
    """
    chosen = [calendar().shift(UNTIL, -back) for back in reversed(range(days))]
    version = StrategyVersion(
        strategy=Strategy(code="BENCH"), condition=CONDITION, population="TRUE", cooldown_n=20, cooldown_unit="td"
    )
    with throwaway.lake():
        _generate(clients, chosen)
        tested, scanned = Spent(), Spent()
        with _measured(tested), open_rows(version, chosen) as rows:
            replay_into(rows.source, rows.member, turns_of(version, chosen, calendar()), into="found")
            found = rows.con.execute("SELECT count(*), count(*) FILTER (is_new) FROM found").fetchall()[0]
        with _measured(scanned), open_lake() as con:
            con.execute(f"SELECT {_sums()} FROM {dated(TABLE, chosen, _kinds())}").fetchall()
    return {
        "backtest_s": round(tested.wall, 2), "backtest_cpu_s": round(tested.cpu, 2),
        "scan_s": round(scanned.wall, 2), "scan_cpu_s": round(scanned.cpu, 2),
        "matched": found[0], "new": found[1],
    }  # fmt: skip


@contextmanager
def _measured(spent: Spent) -> Iterator[None]:
    wall, cpu = perf_counter(), process_time()
    yield
    spent.wall, spent.cpu = perf_counter() - wall, process_time() - cpu


def _kinds() -> dict[str, str]:
    return {one.name: one.type for one in catalogue.features() if one.name in COLUMNS}


def _sums() -> str:
    return ", ".join(summed(name, kind) for name, kind in _kinds().items())


def _generate(clients: int, days: list[date]) -> None:
    """Publish a snapshot a day; nothing waits for the disk."""
    items = ", ".join(f'CAST({COLUMNS[name]} AS {kind}) AS "{name}"' for name, kind in _kinds().items())
    with manifests.unsynced(), open_lake() as con:
        for number, day in enumerate(days):
            with writing(TABLE, day) as draft:
                draft.notes = {"stale": [], "catalogue": catalogue.fingerprint()}
                rows = f"(SELECT range AS i, {number} AS d FROM range({clients}))"
                ids = "i AS client_id, hash(i) % 20 AS branch_id, hash(i) % 500 AS manager_id"
                draft.write(con, "bucket=00", f"SELECT {ids}, {items} FROM {rows}")
