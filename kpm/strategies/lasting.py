"""Whether the need that a hit was found for is still there, asked of what newer runs saw."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Max

from clients.portrait import selectors as portrait
from kpm.engine.check import Condition
from kpm.engine.explain import explain
from kpm.strategies.members import member_of
from kpm.strategies.models import Hit, Run
from kpm.strategies.models.runs import OF_TODAY


@dataclass(frozen=True)
class Seen:
    """What a published run looked at: its day, and the slot whose features it read ("" are those of the night)."""

    run: int
    day: date
    slot: str


def gone(hits: Sequence[Hit], *, until: date) -> set[UUID]:
    """Return the hits (their uids) whose condition is no longer TRUE in what the newest run up to `until` saw.

    Runs within the day count as far as they looked at the client. A run that was blind for a feature of the version
    says nothing, as it judged nobody by it. Without a newer run than the one that judged a hit, its need is there.
    """
    left, lost = list(hits), set[UUID]()
    for seen in _newest_first(hits, until):
        asked = [hit for hit in left if _newer(seen, hit)]
        said = _truths(seen, asked)
        lost |= {hit.uid for hit in asked if said.get(hit.uid) is False}
        left = [hit for hit in left if hit.uid not in said]
    return lost


def _newest_first(hits: Iterable[Hit], until: date) -> list[Seen]:
    """Days and slots with a published run that is newer than one that judged some hit, the newest run first."""
    since = min((hit.last_day for hit in hits), default=until)
    runs = Run.objects.filter(day__range=(since, until), state=Run.State.PUBLISHED).values("day", "slot")
    newest = runs.annotate(newest=Max("pk")).order_by("-day", "-newest")
    return [Seen(row["newest"], row["day"], row["slot"] if row["slot"] in OF_TODAY else "") for row in newest]


def _newer(seen: Seen, hit: Hit) -> bool:
    return seen.day > hit.last_day or (seen.day == hit.last_day and seen.run > hit.run_id)


def _truths(seen: Seen, hits: Sequence[Hit]) -> dict[UUID, bool]:
    """What the features of a day or slot say of hits; those of which they cannot say anything are left out."""
    night = portrait.last_feature_day(seen.day)
    if not hits or night is None or portrait.feature_version(seen.day, seen.slot) is None:
        return {}
    blind = portrait.blind_within(night, seen.slot, seen.day).keys()
    sighted = [hit for hit in hits if not blind & set(hit.version.features)]
    conditions = {hit.uid: member_of(hit.version).conditions for hit in sighted}
    names = {name for parts in conditions.values() for part in parts for name in (*part.columns, *part.features)}
    rows = portrait.feature_rows(seen.day, {hit.client_id for hit in sighted}, seen.slot, names=names)
    # Who is not in a slot was not touched since; who is not in a night is no client any more.
    asked = [hit for hit in sighted if hit.client_id in rows or not seen.slot]
    return {hit.uid: _holds(conditions[hit.uid], rows.get(hit.client_id)) for hit in asked}


def _holds(conditions: Sequence[Condition], row: Mapping[str, Any] | None) -> bool:
    return row is not None and all(explain(part, row).truth is True for part in conditions)
