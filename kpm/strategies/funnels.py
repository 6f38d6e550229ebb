"""What a version would do on a day, counted before it is saved: matched, unknown, and steps 2 to 6 with their reasons.

    preview_funnel(version, day)                  # everybody
    preview_funnel(version, day, within=branch)   # a branch and those below it
    preview_funnel(version, day, now=now)         # as stops of products and securities are at a moment

One DuckDB statement over the features of the day and the gate columns that the night stored beside them. Occurrences
that are used and cool-downs come from the few rows that the strategy has left in the record.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb
from django.utils.translation import gettext as _

from clients.lake.publishing import notes_of
from clients.lake.reading import relation
from clients.market.calendar import calendar
from clients.org.models import Branch
from clients.portrait import selectors as portrait
from kpm.engine.clean import companions
from kpm.engine.match import Member, Source
from kpm.strategies import lakegates
from kpm.strategies.gates import Gate
from kpm.strategies.members import member_of
from kpm.strategies.models import Stage, StrategyVersion
from kpm.strategies.occurrences import cooldown_since, dated, default_object
from kpm.strategies.selectors import hits_before, steps_of
from kpm.strategies.stopped import stopped_objects

SAMPLED = 50  # clients that a sample is taken from: some of them the person may not see
PASSED, NOT, UNKNOWN, USED = 0, -1, -2, -3  # places; a positive one is the number of a gate
SEEN = "client_id BIGINT, object_key VARCHAR, occurrence VARCHAR, first_day DATE, last_day DATE, used_on DATE, \
delivered BOOLEAN"


@dataclass(frozen=True)
class Place:
    """How many clients of a branch stand at one place, and a few of those who passed every gate."""

    branch: int | None
    place: int
    n: int
    some: tuple[int, ...] = ()


@dataclass(frozen=True)
class Preview:
    """A version on the features of `day`. `used` were served with this occurrence already and are no new need.

    `steps` are rows as `selectors.path_of` gives them, from matched to under cap, empty without gate columns;
    `branches` are (branch, matched, under cap); `sample` are clients under cap, by their numbers.
    """

    day: date
    matched: int
    not_matched: int
    unknown: int
    used: int
    steps: tuple[dict[str, Any], ...]
    branches: tuple[tuple[Branch, int, int], ...]
    sample: tuple[int, ...]
    rounded: bool = False

    @property
    def left(self) -> int:
        """How many passed every gate that was asked."""
        return sum(left for _branch, _matched, left in self.branches)


class Uncountable(Exception):
    """The features of the day cannot say what a version would do; the text is the database's reason."""


def preview_funnel(
    version: StrategyVersion, day: date, within: Branch | None = None, *, now: datetime | None = None
) -> Preview | None:
    """Return what a version would do on a day; None when the day has no features.

    What stops at `now` for one product or security is known; without `now` only the stops that the night stored are.
    The version need not be saved. Raises kpm.engine.problem.ConditionError when a condition cannot be used, and
    Uncountable when the features of the day lack what it asks.
    """
    if portrait.feature_version(day) is None:
        return None
    member, notes = member_of(version), notes_of(lakegates.TABLE, day)
    gates = lakegates.gates_of(version, notes) if notes else []
    stopped = stopped_objects(version.purpose, now) if now else []
    with open_rows(member, day, more=[lakegates.level_column(version)]) as source:
        try:
            places = _places(source, member, version, day, within, gates, bool(notes), stopped)
        except duckdb.Error as fault:
            raise Uncountable(str(fault).splitlines()[0]) from fault
    return _preview(day, places, gates, bool(notes))


@contextmanager
def open_rows(member: Member, day: date, *, more: Collection[str] = ()) -> Iterator[Source]:
    """Lend the features of a day with the columns that a version reads, and `more` of them."""
    columns = portrait.feature_columns(day)
    read = {name for one in member.conditions for name in (*one.columns, *one.features, *companions(one.features))}
    read |= {"client_id", "branch_id", *member.key_columns, *(feature.name for feature in member.shown), *more}
    known = {name: kind for name, kind in columns.items() if name in read}
    with portrait.open_features(day, names=read) as (con, rows):
        yield Source(con, rows, known=known)


def _places(
    source: Source, member: Member, version: StrategyVersion, day: date, within: Branch | None,
    gates: list[Gate], judged: bool, stopped: Sequence[str],
) -> list[Place]:  # fmt: skip
    statement = judged_rows(source, member, version, day, within, gates, judged=judged, stopped=stopped)
    found = source.con.execute(
        f"""{statement} SELECT branch_id, place, count(*),
            arg_min(client_id, hash(client_id), {SAMPLED}) FILTER (WHERE place = {PASSED}) FROM judged GROUP BY 1, 2
        UNION ALL SELECT NULL, CASE WHEN c IS NULL THEN {UNKNOWN} ELSE {NOT} END, count(*), NULL
        FROM base WHERE c IS NOT TRUE GROUP BY 2"""
    ).fetchall()
    return [Place(branch, place, n, tuple(some or ())) for branch, place, n, some in found]


def judged_rows(
    source: Source, member: Member, version: StrategyVersion, day: date, within: Branch | None,
    gates: list[Gate], *, judged: bool, stopped: Sequence[str] = (),
) -> str:  # fmt: skip
    """Write the named queries `base` (client_id, branch_id, c) and `judged` (client_id, branch_id, place).

    `stopped` are the products and securities that nothing may be said about.

    Loads what the strategy has left in the record into a temporary table of the connection.
    """
    types = source.types()
    _refuse_missing(member, types)
    member = Member(member.version, member.condition, member.population, _anchors(member, types), member.shown)
    where = [f"({member.population.sql})"] if member.population else []
    places = [place for place in (within, version.strategy.steward_branch) if place is not None]
    where += [f"branch_id IN ({branch_numbers(place)})" for place in places]
    keys = "".join(f'CAST("{column}" AS VARCHAR), ' for column in member.key_columns)
    rows = relation(lakegates.TABLE, [day]) if judged else "base"
    level = lakegates.product_level(version)
    return f"""{source.rows([member], types, beside=["branch_id"])},
        base AS MATERIALIZED (SELECT "{source.client}" AS client_id, branch_id, {level} AS product_level,
            coalesce({keys}CAST(NULL AS VARCHAR)) AS object_key, {lakegates.suspect(member, types, stopped)} AS suspect,
            ({member.condition.sql}) AS c
            FROM f {"WHERE " if where else ""}{" AND ".join(where)}),
        {_occurrences(source, version, day)},
        judged AS (SELECT b.client_id, g.branch_id, {_place(gates)} AS place
            FROM b JOIN {rows} AS g ON g.client_id = b.client_id)"""


def _refuse_missing(member: Member, types: Mapping[str, str]) -> None:
    read = {name for one in member.conditions for name in (*one.features, *one.columns)}
    if missing := sorted(read - types.keys()):
        raise Uncountable(_("The features of this day lack %(names)s.") % {"names": ", ".join(missing)})


def _anchors(member: Member, types: Any) -> tuple[str, ...]:
    """A key that nobody builds yet names no object."""
    return tuple(name for name in member.anchors if f"{name}__key" in types)


def branch_numbers(within: Branch) -> str:
    """Write the branch and those below it as SQL: numbers of ours, so that nothing foreign enters."""
    below = Branch.objects.filter(path__startswith=within.path).values_list("pk", flat=True)
    return ", ".join(str(int(number)) for number in below) or "NULL"


def _place(gates: list[Gate]) -> str:
    stops = " ".join(f"WHEN {gate.stops} THEN {number}" for number, gate in enumerate(gates, start=1))
    return f"CASE WHEN b.used THEN {USED} WHEN b.delivered THEN {PASSED} {stops} ELSE {PASSED} END"


def _occurrences(source: Source, version: StrategyVersion, day: date) -> str:
    """Write the query `b`: matched rows with their occurrence, as `judge.OCCURRENCES` and `DROP_USED` see them."""
    default = default_object(version.occurrence, day)
    since = cooldown_since(version, day, calendar())
    seen = list(hits_before(version.strategy_id, day, since=since, ever=not dated(version)))
    key = f"coalesce(object_key, {lakegates.text(default)})"
    k = f"""k AS (SELECT client_id, branch_id, product_level, suspect, {key} AS object_key,
        object_key IS NULL AND {lakegates.text(default)} <> '' AS of_period FROM base WHERE c)"""
    if not seen:
        return f"{k}, b AS (SELECT *, FALSE AS used, FALSE AS delivered, FALSE AS cooling FROM k)"
    _load(source.con, seen)
    new = f"n.object_key || '{f'@{day}' if dated(version) else ''}'"
    return f"""{k},
        o AS (SELECT client_id, object_key, arg_max(occurrence, first_day) AS occurrence,
            arg_max(delivered, first_day) AS delivered
            FROM seen WHERE used_on IS NULL OR last_day = DATE '{day}' GROUP BY 1, 2),
        w AS (SELECT n.*, coalesce(o.occurrence, {new}) AS occurrence, coalesce(o.delivered, FALSE) AS delivered
            FROM k AS n LEFT JOIN o ON o.client_id = n.client_id AND o.object_key = n.object_key),
        b AS (SELECT w.*,
            EXISTS (SELECT 1 FROM seen s WHERE s.client_id = w.client_id AND s.occurrence = w.occurrence
                AND s.used_on IS NOT NULL AND s.last_day <> DATE '{day}') AS used,
            EXISTS (SELECT 1 FROM seen s WHERE s.client_id = w.client_id
                AND (s.object_key = w.object_key OR w.of_period) AND s.used_on > DATE '{since}'
                AND s.occurrence <> w.occurrence) AS cooling FROM w)"""


def _load(con: duckdb.DuckDBPyConnection, rows: list[tuple[Any, ...]]) -> None:
    con.execute(f"CREATE OR REPLACE TEMP TABLE seen ({SEEN})")
    kinds = [column.split()[1] for column in SEEN.split(", ")]
    listed = ", ".join(f"unnest(?::{kind}[])" for kind in kinds)
    con.execute(f"INSERT INTO seen SELECT {listed}", [list(column) for column in zip(*rows, strict=True)])


def _preview(day: date, places: list[Place], gates: list[Gate], judged: bool) -> Preview:
    total = Counter[int]()
    for one in places:
        total[one.place] += one.n
    matched = sum(n for place, n in total.items() if place >= PASSED)
    return Preview(
        day=day, matched=matched, not_matched=total[NOT], unknown=total[UNKNOWN], used=total[USED],
        steps=tuple(steps_of(_funnel(total, matched, gates), until=Stage.UNDER_CAP)) if judged else (),
        branches=_by_branch(places),
        sample=tuple(sorted(number for one in places for number in one.some))[:SAMPLED],
    )  # fmt: skip


def _funnel(total: Counter[int], matched: int, gates: list[Gate]) -> list[dict[str, Any]]:
    """Rows as the table of funnels has them: step, reason, n."""
    rows, left = [], matched
    for step in (stage for stage in Stage if stage <= Stage.UNDER_CAP):
        stopped = Counter[str]()
        for number, gate in enumerate(gates, start=1):
            if gate.stage == step and total[number]:
                stopped[gate.reason] += total[number]
        left -= stopped.total()
        rows.append({"step": step, "reason": "", "n": left})
        rows += [{"step": step, "reason": reason, "n": n} for reason, n in sorted(stopped.items())]
    return rows


def _by_branch(places: list[Place]) -> tuple[tuple[Branch, int, int], ...]:
    matched, left = Counter[int](), Counter[int]()
    for one in places:
        if one.branch is not None and one.place >= PASSED:
            matched[one.branch] += one.n
            left[one.branch] += one.n if one.place == PASSED else 0
    found = Branch.objects.in_bulk(list(matched))
    return tuple((found[number], n, left[number]) for number, n in matched.most_common() if number in found)
