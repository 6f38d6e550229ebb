"""`bench studio`: the engine and the studio against their peers, in one run.

`orm_vs_match` is the CPU time of one ORM query per strategy over a table of the same features, over that of the one
pass that finds the hits of all; both answer with the same clients, or nothing is reported. `after_features_vs_scan` is
all that a night does after its features over one bare scan, as in `bench day`, with the gate columns that previews
read. `preview_ms` is the median of a preview of so many clients, `backtest_s` one strategy over 250 days of 100,000
clients, both by the clock; each has a lake of its own. `value_vs_priority_order` is what arbitration serves over
60 simulated days over what the same people would serve in the order of priorities. A share of the clients may be given
to the ORM (`ORM_CLIENTS`): its queries read every row, so their time grows with the rows, and the facts name the share.
"""

import logging
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import connection

from advisory.dispatch import services as dispatch
from bench import arbitration, backtesting, cpu, library, night, orm, previewing, throwaway
from bench.day import DAY, NothingMatched, features_of, generate, scan_once
from bench.night import Night
from bench.population.lakes import PAST, Population
from bench.result import NotMeasured, Result
from bench.steps import Steps
from clients.market.calendar import calendar
from clients.portrait import selectors as portrait
from kpm.engine.match import Member, Source, match_into
from kpm.strategies import services as strategies
from kpm.strategies.members import member_of
from kpm.strategies.models import StrategyVersion

NAME, TITLE = "studio", "matching, preview and back-test against their peers"
CLIENTS = 100_000
ORM_CLIENTS = 100_000
DAYS = PAST
BUSY_DAYS = 60
BACK_CLIENTS, BACK_DAYS = backtesting.CLIENTS, backtesting.DAYS
log = logging.getLogger(__name__)


class OtherClients(NotMeasured):
    """The ORM found other clients than the engine."""


def run(*, clients: int | None = None) -> Result:
    """Measure in a database and a lake of its own on the same server and machine, which are removed afterwards."""
    many = clients or CLIENTS
    with throwaway.database(), throwaway.lake():
        found = measure(clients=many, days=DAYS)
    log.info("previews of %s clients", f"{many:,}")
    with throwaway.database(), throwaway.lake():
        found.ratios["preview_ms"] = round(previewing.preview_ms(many), 1)
    log.info("what arbitration serves over %s days", BUSY_DAYS)
    served = arbitration.values(days=BUSY_DAYS)
    found.ratios["value_vs_priority_order"] = round(served.ours / served.priority, 3)
    found.facts["value_vs_first_come"] = round(served.ours / served.first_come, 3)
    log.info("a back-test over %s days", BACK_DAYS)
    with throwaway.database():
        tested = backtesting.backtest_s(min(many, BACK_CLIENTS), BACK_DAYS)
    found.ratios["backtest_s"] = tested.pop("backtest_s")
    found.facts["backtest"] = tested
    return found


def measure(*, clients: int, days: int) -> Result:
    """Generate a branch, live its night, and ask the ORM the same; the record must be empty of clients."""
    connection.ensure_connection()
    steps = Steps(cpu.postmaster_of(connection.connection.info.backend_pid))
    population = Population(clients, DAY, days)
    generate(population)
    scan_once(population, steps)
    features_of(population, DAY, steps, "features")
    versions, lived = _night(population, steps)
    asked = _orm(versions, steps)
    return Result(NAME, _ratios(steps, clients / asked), steps.seconds(), _facts(clients, asked, lived))


def _night(population: Population, steps: Steps) -> tuple[list[StrategyVersion], Night]:
    now = population.cutoff(DAY)
    versions = library.load(now=now)
    dispatch.write_budgets(day=calendar().shift(DAY, 1))
    with steps.step("gate_columns"):
        strategies.write_gates(day=DAY, now=now)
    log.info("matching, judging and publishing %s versions", len(versions))
    lived = night.live(versions=versions, day=DAY, now=now, steps=steps)
    if not lived.matched:
        raise NothingMatched(f"{len(versions)} strategies matched none of {population.clients} clients.")
    return versions, lived


def _orm(versions: Sequence[StrategyVersion], steps: Steps) -> int:
    """Let the ORM find the clients of every version, as step "orm", and the engine those of as many clients; how many
    clients."""
    members = [member_of(version) for version in versions]
    with portrait.open_features(DAY) as (con, relation):
        among = f"(SELECT * FROM {relation} QUALIFY row_number() OVER (ORDER BY client_id) <= {ORM_CLIENTS})"
        log.info("the same by %s queries of the ORM", len(members))
        model = orm.fill(con, among, members)
        with steps.step("orm"):
            found = {member.version: orm.matched(model, member) for member in members}
        _same(found, _matched(Source(con, among), members))
    return int(model._default_manager.count())


def _matched(source: Source, members: Sequence[Member]) -> dict[int, set[int]]:
    match_into(source, members, into="by_engine")
    clients: dict[int, set[int]] = {}
    for version, client in source.con.execute("SELECT version, client_id FROM by_engine").fetchall():
        clients.setdefault(version, set()).add(client)
    return clients


def _same(by_orm: dict[int, list[int]], by_engine: dict[int, set[int]]) -> None:
    for version, clients in by_orm.items():
        if set(clients) != by_engine.get(version, set()):
            code = StrategyVersion.objects.get(pk=version).strategy.code
            raise OtherClients(
                f"{code}: the ORM found {len(clients)}, the engine {len(by_engine.get(version, set()))} clients."
            )


def _ratios(steps: Steps, share: float) -> dict[str, float]:
    spent = {name: found.total for name, found in steps.spent.items()}
    after = sum(spent[name] for name in (*night.STEPS, "gate_columns"))
    ratios = {
        "orm_vs_match": spent["orm"] * share / max(spent["matching"], 1 / cpu.TICK),
        "after_features_vs_scan": after / max(spent["scan"], 1 / cpu.TICK),
    }
    return {name: round(ratio, 3) for name, ratio in ratios.items()}


def _facts(clients: int, asked: int, lived: Night) -> dict[str, Any]:
    return {
        "clients": clients,
        "orm_clients": asked,
        "threads": settings.LAKE_THREADS,
        "versions": StrategyVersion.objects.count(),
        "versions_with_hits": lived.finding,
        "hits_matched": lived.matched,
        "hits_kept": lived.kept,
        "peak_rss_mb": round(cpu.peak_mb(), 1),
    }
