"""How many of those who pass every gate would win: an estimate from the scores that the last night stored.

The run judges anew; here the version is put beside the last night's hits of the same clients, and beside those who took
the slots of its pools. It is an estimate and is called one wherever it is shown.
"""

import tempfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from clients.lake.publishing import notes_of
from clients.lake.reading import relation
from clients.market.calendar import calendar
from clients.org import pools
from clients.org.models import Branch
from kpm.engine.match import Source
from kpm.strategies import lakegates, naming
from kpm.strategies.contact import CONTACT_KIND, MAY_BE_STOPPED, TASKS
from kpm.strategies.funnels import PASSED, Uncountable, judged_rows, open_rows
from kpm.strategies.members import member_of
from kpm.strategies.models import Run, StrategyVersion
from kpm.strategies.selectors import last_night
from kpm.strategies.stopped import stopped_objects
from kpm.strategies.studio.selectors import budgets, copy_rivals, score_of, stronger_in

RIVALS = "client_id BIGINT, family VARCHAR, purpose VARCHAR, kind VARCHAR, score DOUBLE, won BOOLEAN"
HUNDRED = 100


@dataclass(frozen=True)
class PoolShare:
    """What a pool could take of the work of a version: hits that come to it, slots left, hits that get one."""

    name: str
    hits: int
    room: int | None
    wins: int


@dataclass(frozen=True)
class Estimate:
    """Of `left` clients under their caps: held out, lost to stronger hits, without capacity; `wins` are delivered."""

    night: date
    left: int
    held_out: int
    lost: int
    no_capacity: int
    wins: int
    pools: tuple[PoolShare, ...]


def estimate(
    version: StrategyVersion, day: date, within: Branch | None = None, *, now: datetime | None = None
) -> Estimate | None:
    """Return how a version would fare beside the last night's hits; None before the first night or without its gates.

    Raises as `funnels.preview_funnel`.
    """
    night, notes = last_night(day), notes_of(lakegates.TABLE, day)
    if night is None or not notes:
        return None
    member, score = member_of(version), score_of(version, night)
    stopped = stopped_objects(version.purpose, now) if now else []
    with open_rows(member, day, more=[lakegates.level_column(version)]) as source:
        try:
            gates = lakegates.gates_of(version, notes)
            rows = judged_rows(source, member, version, day, within, gates, judged=True, stopped=stopped)
            found = _contest(source, rows, version, day, night, score)
        except duckdb.Error as fault:
            raise Uncountable(str(fault).splitlines()[0]) from fault
    return _estimate(version, day, night, score, found)


def _contest(
    source: Source, rows: str, version: StrategyVersion, day: date, night: Run, score: float
) -> list[tuple[int, int, int]]:
    """Branch, clients under their caps, and how many of them lose to a stronger hit of their own."""
    _load(source.con, night if version.purpose in MAY_BE_STOPPED else None, but=version.strategy_id)
    kind = CONTACT_KIND[StrategyVersion.Action(version.action)]
    stoppable = version.purpose in MAY_BE_STOPPED and kind
    room = f"g.room_{version.purpose}_{kind}" if stoppable else "CAST(NULL AS INTEGER)"
    same = f"won AND purpose = {lakegates.text(version.purpose)} AND kind = {lakegates.text(kind)}"
    return source.con.execute(
        f"""{rows}, ahead AS (SELECT client_id, count(*) FILTER (WHERE {same}) AS before,
            coalesce(bool_or(family = {lakegates.text(version.strategy.family)}), FALSE) AS beaten
            FROM rivals WHERE score >= {float(score)} GROUP BY 1)
        SELECT j.branch_id, count(*), count(*) FILTER (WHERE ahead.beaten OR ahead.before >= {room})
        FROM judged AS j JOIN {relation(lakegates.TABLE, [day])} AS g ON g.client_id = j.client_id
        LEFT JOIN ahead ON ahead.client_id = j.client_id WHERE j.place = {PASSED} GROUP BY 1 ORDER BY 1"""
    ).fetchall()


def _load(con: duckdb.DuckDBPyConnection, night: Run | None, *, but: int) -> None:
    """The rivals go by a file: there may be more of them than a web process should hold."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE rivals ({RIVALS})")
    if night is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rivals.csv"
        copy_rivals(night, but=but, into=file)
        columns = ", ".join("'{}': '{}'".format(*column.split()) for column in RIVALS.split(", "))
        con.execute(
            f"INSERT INTO rivals SELECT * FROM read_csv('{file}', header = false, auto_detect = false, "
            f"delim = ',', quote = '\"', escape = '\"', columns = {{{columns}}})"
        )


def _estimate(
    version: StrategyVersion, day: date, night: Run, score: float, found: list[tuple[int, int, int]]
) -> Estimate:
    branches = Branch.objects.in_bulk([number for number, _n, _lost in found])
    share = 1 - version.holdout_pct / HUNDRED
    coming: dict[str, int] = {}
    for number, n, lost in found:
        pool = pools.of_team(version.handler, branches[number].code) if version.action in TASKS else ""
        coming[pool] = coming.get(pool, 0) + round((n - lost) * share)
    shares = _shares(version, day, night, score, coming)
    left, lost = sum(n for _b, n, _l in found), round(sum(lost for _b, _n, lost in found) * share)
    wins = sum(one.wins for one in shares)
    held = left - lost - sum(coming.values())
    named = tuple(one for one in shares if one.name)
    return Estimate(night.day, left, held, lost, sum(coming.values()) - wins, wins, named)


def _shares(version: StrategyVersion, day: date, night: Run, score: float, coming: dict[str, int]) -> list[PoolShare]:
    """Each pool gives its slots to the stronger first; one without a budget has no limit."""
    slots = budgets(calendar().shift(day, 1), coming)
    taken = stronger_in(night, coming, score=score, but=version.strategy_id)
    shares = []
    for pool, n in sorted(coming.items()):
        never = version.purpose not in MAY_BE_STOPPED
        room = None if pool not in slots or never else max(slots[pool] - taken.get(pool, 0), 0)
        shares.append(PoolShare(naming.pool(pool) if pool else "", n, room, n if room is None else min(n, room)))
    return shares
