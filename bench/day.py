"""`bench day`: one night straight from a generated lake, step by step, against one bare scan of that lake.

The branch is made in a database and a lake of its own, which are gone afterwards. Nothing is carried over from an
earlier night, so `features_vs_scan` holds the states of all 90 days; the night that follows, which carries them on by
a day, is told in the facts. Files lie in the page cache, since they were just written; each step opens its own DuckDB,
so nothing else of it is warm. CPU is user and system time of all threads of this process and of the whole PostgreSQL
server, which nobody else should use meanwhile.
"""

import sys
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection

from advisory.dispatch import services as dispatch
from bench import cpu, hits, library, night, scan, throwaway
from bench.night import Night
from bench.population.lakes import PAST, STATES, Population
from bench.population.rows import write_record
from bench.result import Result
from clients.lake.reading import open_lake
from clients.market.calendar import calendar
from clients.portrait import selectors as portrait
from clients.portrait import services as features

NAME, TITLE = "day", "the night from a generated lake against one scan of it"
CLIENTS = 100_000
DAYS = PAST
DAY = date(2026, 11, 20)


class NothingMatched(Exception):
    """No hit came out of the night: its figures would mean nothing."""


def run(*, clients: int | None = None) -> Result:
    """Measure in a database and a lake of its own on the same server and machine, which are removed afterwards."""
    _say("a database of its own")
    with throwaway.database(), throwaway.lake():
        return measure(clients=clients or CLIENTS, days=DAYS)


def measure(*, clients: int, days: int = PAST) -> Result:
    """Generate a branch and live its night; the record must be empty of clients and strategies."""
    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    with cpu.peak_of(backend) as server_peak:
        result = _measure(Population(clients, DAY, days), cpu.postmaster_of(backend))
    return Result(NAME, result.ratios, result.cpu_s, {**result.facts, "server_peak_mb": round(server_peak[0], 1)})


def _measure(population: Population, postmaster: int) -> Result:
    rows = _generate(population)
    lake = dict(population.rows)
    scanned, scan_cpu = _scan(population, postmaster)
    first = _features(population, DAY, postmaster)
    lived = _strategies(population, postmaster)
    peak = cpu.peak_mb()
    _say("the same hits by COPY and by bulk_create")
    compared, copied, created = hits.compare(postmaster)
    following = _following(population, postmaster)
    base = max(scan_cpu.total, 1 / cpu.TICK)
    ratios = {
        "matching_vs_scan": (lived.spent["matching"].total + lived.spent["evidence"].total) / base,
        "features_vs_scan": first.total / base,
        "after_features_vs_scan": lived.total / base,
        "copy_vs_bulk_create": copied.total / max(created.total, 1 / cpu.TICK),
    }
    steps = {"scan": scan_cpu, "features": first, **lived.spent, "copy_hits": copied, "bulk_create_hits": created,
             "features_of_the_following_night": following}  # fmt: skip
    facts = {
        "clients": population.clients,
        "threads": settings.LAKE_THREADS,
        "state": "files in the page cache; features from nothing carried over",
        "lake_rows": lake,
        "record_rows": rows,
        "rows_scanned": scanned,
        "columns_scanned": {table: len(names) for table, names in sorted(scan.named_columns().items())
                            if table in lake},
        "following_night_vs_scan": round(following.total / base, 3),
        "hits_matched": lived.matched,
        "hits_kept": lived.kept,
        "hits_compared": compared,
        "versions": lived.versions,
        "versions_broken": len(lived.broken),
        "funnel": lived.funnel,
        "peak_rss_mb": round(peak, 1),
    }  # fmt: skip
    return Result(NAME, {name: round(ratio, 3) for name, ratio in ratios.items()}, _seconds(steps), facts)


def _seconds(steps: dict[str, cpu.Spent]) -> dict[str, Any]:
    """CPU seconds of each step, with the share of the server where it has one."""
    found = {}
    for name, spent in steps.items():
        found[name] = round(spent.total, 2)
        if spent.server >= 1 / cpu.TICK:
            found[f"{name}_server"] = round(spent.server, 2)
    return found


def _generate(population: Population) -> dict[str, int]:
    for number, day in enumerate(population.past_written(), 1):
        if number % 15 == 0:
            _say(f"lake of {population.clients:,} clients: {day}")
    _say("their record")
    return write_record(population)


def _scan(population: Population, postmaster: int) -> tuple[int, cpu.Spent]:
    days = {table: [DAY] if table in STATES else population.past for table in population.rows}
    scan.named_columns()  # reading the SQL is no part of the scan
    _say("the bare scan")
    with open_lake() as con, cpu.spent(postmaster) as measured:
        rows = scan.scan(con, days)
    return rows, measured


def _features(population: Population, day: date, postmaster: int) -> cpu.Spent:
    _say(f"features of {day}")
    with cpu.spent(postmaster) as measured:
        features.compute_features(day=day, cutoff=population.cutoff(day))
    stale = portrait.stale_features(day)
    if stale:
        raise NothingMatched(f"These features are stale: {', '.join(stale)}.")
    return measured


def _strategies(population: Population, postmaster: int) -> Night:
    now = population.cutoff(DAY)
    _say("300 strategies")
    versions = library.load(now=now)
    dispatch.write_budgets(day=calendar().shift(DAY, 1))
    _say(f"matching, judging and publishing {len(versions)} versions")
    lived = night.live(versions=versions, day=DAY, now=now, postmaster=postmaster)
    if not lived.matched:
        raise NothingMatched(f"{len(versions)} strategies matched none of {population.clients} clients.")
    return lived


def _following(population: Population, postmaster: int) -> cpu.Spent:
    """Features once more, of the next trading day: what a night costs that carries on from the one before."""
    following = calendar().shift(DAY, 1)
    population.write_until(following)
    return _features(population, following, postmaster)


def _say(what: str) -> None:
    print(f"bench day: {what}", file=sys.stderr, flush=True)
