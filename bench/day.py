"""`bench day`: one night straight from a generated lake, step by step, against one bare scan of that lake.

The branch is made in a database and a lake of its own, which are gone afterwards. Nothing is carried over from an
earlier night, so `features_vs_scan` holds the states of all 90 days; the night that follows, which carries them on by
a day, is told in the facts. `matching_vs_scan` holds the hits and the values that made them. Files lie in the page
cache, since they were just written; each step opens its own DuckDB, so nothing else of it is warm. CPU is user and
system time of all threads of this process and of the whole PostgreSQL server, which nobody else should use meanwhile.
"""

import logging
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection

from advisory.dispatch import services as dispatch
from bench import cpu, hits, library, night, scan, throwaway
from bench.describing import describe
from bench.night import Night
from bench.population.lakes import PAST, STATES, Population
from bench.population.rows import write_record
from bench.result import NotMeasured, Result
from bench.steps import Steps
from clients.lake.reading import open_lake
from clients.market.calendar import calendar
from kpm.strategies.models import StrategyVersion

NAME, TITLE = "day", "the night from a generated lake against one scan of it"
CLIENTS = 100_000
DAYS = PAST
DAY = date(2026, 11, 20)
log = logging.getLogger(__name__)


class NothingMatched(NotMeasured):
    """No hit came out of the night: its figures would mean nothing."""


def run(*, clients: int | None = None) -> Result:
    """Measure in a database and a lake of its own on the same server and machine, which are removed afterwards."""
    log.info("a database of its own")
    with throwaway.database(), throwaway.lake():
        return measure(clients=clients or CLIENTS, days=DAYS)


def measure(*, clients: int, days: int = PAST) -> Result:
    """Generate a branch and live its night; the record must be empty of clients and strategies."""
    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    steps = Steps(cpu.postmaster_of(backend))
    with cpu.peak_of(backend) as server_peak:
        facts = _facts(Population(clients, DAY, days), steps)
    facts["server_peak_mb"] = round(server_peak[0], 1)
    facts["each_vs_scan"] = each_vs_scan(steps)
    return Result(NAME, _ratios(steps), steps.seconds(), facts)


def _ratios(steps: Steps) -> dict[str, float]:
    """The fixed keys; a server's clock tells nothing below one tick."""
    spent = {name: found.total for name, found in steps.spent.items()}
    scanned = max(spent["scan"], 1 / cpu.TICK)
    ratios = {
        "matching_vs_scan": (spent["matching"] + spent["evidence"]) / scanned,
        "features_vs_scan": spent["features"] / scanned,
        "after_features_vs_scan": sum(spent[name] for name in night.STEPS) / scanned,
        "copy_vs_bulk_create": spent["copy_hits"] / max(spent["bulk_create_hits"], 1 / cpu.TICK),
    }
    return {name: round(ratio, 3) for name, ratio in ratios.items()}


def each_vs_scan(steps: Steps) -> dict[str, float]:
    """Return every step of the night over the bare scan: gates, arbitration and COPY as well as the fixed keys."""
    scanned = max(steps.spent["scan"].total, 1 / cpu.TICK)
    return {name: round(found.total / scanned, 3) for name, found in steps.spent.items()}


def _facts(population: Population, steps: Steps) -> dict[str, Any]:
    """Do everything once, measured by `steps`; what else there is to say."""
    record = generate(population)
    lake, scanned = dict(population.rows), scan_once(population, steps)
    first = features_of(population, DAY, steps, "features")
    lived = _strategies(population, steps)
    peak = cpu.peak_mb()
    log.info("the same hits by COPY and by bulk_create")
    compared = hits.compare(steps)
    following = following_night(population, steps)
    return {
        "clients": population.clients,
        "threads": settings.LAKE_THREADS,
        "state": "files in the page cache; features from nothing carried over",
        "lake_rows": lake,
        "record_rows": record,
        "rows_scanned": scanned,
        "columns_scanned": {name: len(named) for name, named in sorted(scan.named_columns().items()) if name in lake},
        "features_cpu_s": first.seconds(),
        "following_features_cpu_s": following.seconds(),
        **_told(lived, compared),
        "peak_rss_mb": round(peak, 1),
    }


def _told(lived: Night, compared: int) -> dict[str, Any]:
    """What the strategies found."""
    return {
        "hits_matched": lived.matched,
        "hits_kept": lived.kept,
        "hits_compared": compared,
        "versions": StrategyVersion.objects.count(),
        "versions_broken": len(lived.broken),
        "versions_with_hits": lived.finding,
        "funnel": lived.funnel,
    }


def generate(population: Population) -> dict[str, int]:
    """Write the lake and the record of a branch; rows of the record by table."""
    for number, day in enumerate(population.past_written(), 1):
        if number % 15 == 0:
            log.info("lake of %s clients: %s", f"{population.clients:,}", day)
    log.info("their record")
    return write_record(population)


def scan_once(population: Population, steps: Steps) -> int:
    """Scan everything that features read once, as step "scan"; how many rows."""
    days = {table: [DAY] if table in STATES else population.past for table in population.rows}
    scan.named_columns()  # reading the SQL is no part of the scan
    log.info("the bare scan")
    with open_lake() as con, steps.step("scan"):
        return scan.scan(con, days)


def features_of(population: Population, day: date, steps: Steps, name: str) -> Steps:
    """Compute the features of a day as step `name`; what each part of it spent."""
    log.info("features of %s", day)
    with steps.step(name):
        return describe(day=day, cutoff=population.cutoff(day), postmaster=steps.postmaster)


def _strategies(population: Population, steps: Steps) -> Night:
    now = population.cutoff(DAY)
    log.info("300 strategies")
    versions = library.load(now=now)
    dispatch.write_budgets(day=calendar().shift(DAY, 1))
    log.info("matching, judging and publishing %s versions", len(versions))
    lived = night.live(versions=versions, day=DAY, now=now, steps=steps)
    if not lived.matched:
        raise NothingMatched(f"{len(versions)} strategies matched none of {population.clients} clients.")
    return lived


def following_night(population: Population, steps: Steps) -> Steps:
    """Features once more, of the next trading day: what a night costs that carries on from the one before."""
    following = calendar().shift(DAY, 1)
    population.write_until(following)
    return features_of(population, following, steps, "following_features")
