"""`bench features`: all feature groups over a generated lake, for two sizes of it, against a bare scan.

`features_vs_scan` is a night that carries on from the one before, as every night but the first does; the first night,
which makes all states of 90 days from nothing, and the traits are told in the facts. `growth_10x` compares the CPU time
of such a night between a tenth of the clients and all; `incremental_vs_full` is such a night over the first one.
"""

import logging
from typing import Any

from django.db import connection

from bench import cpu, throwaway
from bench.day import DAY, features_of, following_night, generate, scan_once
from bench.population.lakes import PAST, Population
from bench.result import Result
from bench.steps import Steps
from clients.market.calendar import calendar
from clients.portrait import catalogue
from clients.portrait import services as portrait

NAME, TITLE = "features", "all features of a night against one scan of what they read, and how they grow"
CLIENTS, DAYS = 100_000, PAST
log = logging.getLogger(__name__)


def run(*, clients: int | None = None) -> Result:
    """Measure a tenth of the clients, then all, each in a database and a lake of its own."""
    many = clients or CLIENTS
    few, all_of_them = (_measured(size) for size in (max(many // 10, 1), many))
    night = all_of_them.spent["following_features"].total
    scanned = max(all_of_them.spent["scan"].total, 1 / cpu.TICK)
    return Result(
        NAME,
        ratios={
            "features_vs_scan": round(night / scanned, 3),
            "growth_10x": round(night / max(few.spent["following_features"].total, 1 / cpu.TICK), 3),
            "incremental_vs_full": round(night / all_of_them.spent["features"].total, 3),
        },
        cpu_s=all_of_them.seconds(),
        facts=_facts(many, all_of_them, scanned),
    )


def _facts(clients: int, steps: Steps, scanned: float) -> dict[str, Any]:
    return {
        "clients": clients,
        "features": sum(not one.waits for one in catalogue.features()),
        "first_night_vs_scan": round(steps.spent["features"].total / scanned, 3),
        "traits_vs_scan": round(steps.spent["traits"].total / scanned, 3),
        "peak_rss_mb": round(cpu.peak_mb(), 1),
    }


def _measured(clients: int) -> Steps:
    with throwaway.database(), throwaway.lake():
        connection.ensure_connection()
        steps = Steps(cpu.postmaster_of(connection.connection.info.backend_pid))
        population = Population(clients, DAY, DAYS)
        generate(population)
        scan_once(population, steps)
        features_of(population, DAY, steps, "features")
        parts = following_night(population, steps)
        _traits(population, steps)
        log.info("parts of the night of %s clients: %s", f"{clients:,}", parts.seconds())
        return steps


def _traits(population: Population, steps: Steps) -> None:
    following = calendar().shift(DAY, 1)
    with steps.step("traits"):
        portrait.update_traits(day=following, cutoff=population.cutoff(following))
