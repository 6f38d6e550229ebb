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
from clients.org.models import Branch
from kpm.engine.match import Source
from kpm.strategies import lakegates
from kpm.strategies.contact import CONTACT_KIND, MAY_BE_STOPPED
from kpm.strategies.funnels import PASSED, Uncountable, judged_rows, open_rows
from kpm.strategies.members import member_of
from kpm.strategies.models import Run, StrategyVersion
from kpm.strategies.selectors import last_night
from kpm.strategies.sharing import Coming, Share, shared
from kpm.strategies.stopped import stopped_objects
from kpm.strategies.studio.selectors import copy_rivals, score_of

RIVALS = "client_id BIGINT, family VARCHAR, purpose VARCHAR, kind VARCHAR, score DOUBLE, won BOOLEAN"
PERSON = "manager_id"
HUNDRED = 100
Found = tuple[int, int | None, int, int]  # branch, manager, clients under their caps, and of them who loses


@dataclass(frozen=True)
class Estimate:
    """Of `left` clients under their caps: held out, lost to stronger hits, without capacity; `wins` are delivered.

    `pools` and `people` say whose work it would be: branch teams and the call centre, and the busiest client managers.
    """

    night: date
    left: int
    held_out: int
    lost: int
    no_capacity: int
    wins: int
    pools: tuple[Share, ...]
    people: tuple[Share, ...] = ()


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
    with open_rows(member, day, more=[lakegates.level_column(version), PERSON]) as source:
        try:
            gates = lakegates.gates_of(version, notes)
            rows = judged_rows(source, member, version, day, within, gates, judged=True, stopped=stopped)
            found = _contest(source, rows, version, day, night, score)
        except duckdb.Error as fault:
            raise Uncountable(str(fault).splitlines()[0]) from fault
    return _estimate(version, day, night, score, found)


def _contest(source: Source, rows: str, version: StrategyVersion, day: date, night: Run, score: float) -> list[Found]:
    """Clients under their caps by branch and manager, and how many of them lose to a stronger hit of their own."""
    _load(source.con, night if version.purpose in MAY_BE_STOPPED else None, but=version.strategy_id)
    kind = CONTACT_KIND[StrategyVersion.Action(version.action)]
    stoppable = version.purpose in MAY_BE_STOPPED and kind
    room = f"g.room_{version.purpose}_{kind}" if stoppable else "CAST(NULL AS INTEGER)"
    known = PERSON in source.types()
    person = f"p.{PERSON}" if known else "CAST(NULL AS BIGINT)"
    same = f"won AND purpose = {lakegates.text(version.purpose)} AND kind = {lakegates.text(kind)}"
    return source.con.execute(
        f"""{rows}, ahead AS (SELECT client_id, count(*) FILTER (WHERE {same}) AS before,
            coalesce(bool_or(family = {lakegates.text(version.strategy.family)}), FALSE) AS beaten
            FROM rivals WHERE score >= {float(score)} GROUP BY 1)
        SELECT j.branch_id, {person}, count(*), count(*) FILTER (WHERE ahead.beaten OR ahead.before >= {room})
        FROM judged AS j JOIN {relation(lakegates.TABLE, [day])} AS g ON g.client_id = j.client_id
        {"JOIN " + source.relation + " AS p ON p." + source.client + " = j.client_id" if known else ""}
        LEFT JOIN ahead ON ahead.client_id = j.client_id WHERE j.place = {PASSED} GROUP BY 1, 2 ORDER BY 1, 2"""
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


def _estimate(version: StrategyVersion, day: date, night: Run, score: float, found: list[Found]) -> Estimate:
    branches = Branch.objects.in_bulk({number for number, _person, _n, _lost in found})
    share = 1 - version.holdout_pct / HUNDRED
    coming = [Coming(branches[number].code, person, float((n - lost) * share)) for number, person, n, lost in found]
    teams, people = shared(version, coming, day=day, night=night, score=score)
    left, lost = sum(n for _b, _p, n, _l in found), round(sum(lost for _b, _p, _n, lost in found) * share)
    hits, wins = sum(one.hits for one in teams), sum(one.wins for one in teams)
    named = tuple(one for one in teams if one.name)
    return Estimate(night.day, left, left - lost - hits, lost, hits - wins, wins, named, people)
