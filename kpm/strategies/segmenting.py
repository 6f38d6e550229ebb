"""Who is in a segment, on the newest day with features: counted live, within the branches of who asks.

visible(staff) -> segments
tally(segment, within, until) -> Tally
overlaps(segment, others, within, until) -> how many are in both, and in one only
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath

import duckdb
from django.db.models import Q, QuerySet

from clients.org.models import Branch, Role, Staff, User
from clients.org.standing import standing_of
from clients.portrait import selectors as portrait
from kpm.engine.check import compile_condition
from kpm.engine.match import Broken, Member, Source, count, match_into
from kpm.strategies.catalogue_of import catalogue
from kpm.strategies.confining import confined
from kpm.strategies.models import Segment, SegmentExport
from kpm.strategies.services.editing import faults_of_text

READERS = frozenset({Role.ANALYST, Role.SUPERVISOR, Role.COMPLIANCE})
WRITERS = frozenset({Role.ANALYST, Role.SUPERVISOR})
DECIDERS = frozenset({Role.SUPERVISOR, Role.COMPLIANCE})
SAMPLED = 50  # clients that a sample is taken from: some of them the person may not see


@dataclass(frozen=True)
class Tally:
    """How many clients are in a segment at the close of `day`, by branch, and a few of them by their numbers."""

    day: date
    matched: int
    not_matched: int
    unknown: int
    branches: tuple[tuple[Branch, int], ...]
    sample: tuple[int, ...]


@dataclass(frozen=True)
class Overlap:
    """Clients of one segment beside those of another: in both, in the first only, in the other only."""

    other: Segment
    both: int
    mine: int
    theirs: int


class Uncountable(Exception):
    """The features of the day cannot say who is in a segment; the text is the engine's reason."""


def role_of(user: User, roles: Iterable[str], now: datetime) -> bool:
    """Whether a person of the house holds one of these roles today."""
    who = standing_of(user)
    return who is not None and bool(who.roles(now) & set(roles))


def visible(staff: Staff) -> QuerySet[Segment]:
    """Return the segments of a person's branch, of those below and above it, and of the company."""
    above = [int(number) for number in PurePosixPath(staff.branch.path).parts[1:]]
    mine = Q(branch__isnull=True) | Q(branch__in=above) | Q(branch__path__startswith=staff.branch.path)
    return Segment.objects.filter(mine).select_related("branch", "owner__staff").order_by("name", "pk")


def exports_for(segment: Segment, staff: Staff) -> QuerySet[SegmentExport]:
    """Return the lists of a segment that were asked for within a person's branches, newest first."""
    rows = segment.exports.filter(place__path__startswith=staff.branch.path)
    return rows.select_related("asked_by__staff", "decided_by__staff", "place").order_by("-pk")


def tally(segment: Segment, within: Branch, until: date) -> Tally | None:
    """Return who is in a segment on the newest day up to `until`; None while no day has features.

    `within` bounds it to a branch and those below. Raises ConditionError when the condition no longer fits the
    catalogue, and Uncountable when the features of the day lack what it asks.
    """
    day = portrait.last_feature_day(until)
    if day is None:
        return None
    with _rows(segment, within, day) as source:
        counts = count(source, _member(segment))
        _match(source, segment)
        branches, sample = _by_branch(source), _sample(source.con)
    return Tally(day, counts.matched, counts.not_matched, counts.unknown, branches, sample)


def overlaps(segment: Segment, others: Sequence[Segment], within: Branch, until: date) -> list[Overlap]:
    """Return how a segment overlaps with others, within a branch, on the newest day; those that
    cannot be matched are left out."""
    day, others = portrait.last_feature_day(until), [other for other in others if not faults_of_text(other.condition)]
    if day is None or not others:
        return []
    with _rows(segment, within, day) as source:
        _match(source, segment)
        broken = {fault.version for fault in match_into(source, list(map(_member, others)), into="compared")}
        found = source.con.execute(
            """SELECT c.version, count(s.client_id), count(*) FROM compared AS c
            LEFT JOIN in_segment AS s ON s.client_id = c.client_id GROUP BY 1"""
        ).fetchall()
        whole = source.con.execute("SELECT count(*) FROM in_segment").fetchall()[0][0]
    counted = {version: (both, theirs) for version, both, theirs in found}
    return [_overlap(other, whole, *counted.get(other.pk, (0, 0))) for other in others if other.pk not in broken]


def _overlap(other: Segment, whole: int, both: int, theirs: int) -> Overlap:
    return Overlap(other, both, whole - both, theirs - both)


def client_ids(condition: str, places: Sequence[Branch], day: date) -> list[int]:
    """Return the clients of a condition on a day who belong to all of some branches or those below, in order."""
    member = Member(0, compile_condition(condition, catalogue()))
    with portrait.open_features(day) as (con, relation):
        source = Source(con, confined(relation, places))
        _refuse(match_into(source, [member], into="in_segment"))
        return [row[0] for row in con.execute("SELECT client_id FROM in_segment ORDER BY 1").fetchall()]


def places_of(segment: Segment, within: Branch) -> list[Branch]:
    """Return the branches that bound a segment for somebody: his own, and the segment's."""
    return [within] if segment.branch is None else [within, segment.branch]


@contextmanager
def _rows(segment: Segment, within: Branch, day: date) -> Iterator[Source]:
    with portrait.open_features(day) as (con, relation):
        yield Source(con, confined(relation, places_of(segment, within)))


def _member(segment: Segment) -> Member:
    return Member(segment.pk or 0, compile_condition(segment.condition, catalogue()))


def _match(source: Source, segment: Segment) -> None:
    _refuse(match_into(source, [_member(segment)], into="in_segment"))


def _refuse(broken: Sequence[Broken]) -> None:
    if broken:
        raise Uncountable(" ".join(fault.reason for fault in broken))


def _by_branch(source: Source) -> tuple[tuple[Branch, int], ...]:
    found = source.con.execute(
        f"""SELECT r.branch_id, count(*) FROM in_segment AS s JOIN {source.relation} AS r USING (client_id)
        GROUP BY 1 ORDER BY 2 DESC, 1"""
    ).fetchall()
    branches = Branch.objects.in_bulk([number for number, _n in found])
    return tuple((branches[number], n) for number, n in found)


def _sample(con: duckdb.DuckDBPyConnection) -> tuple[int, ...]:
    """The same few each time, without an order that would tell anything."""
    rows = con.execute(f"SELECT client_id FROM in_segment ORDER BY hash(client_id), client_id LIMIT {SAMPLED}")
    return tuple(row[0] for row in rows.fetchall())
