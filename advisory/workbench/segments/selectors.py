"""What the pages of segments show, within what the person asking may see."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from clients.org import access
from clients.org.models import Role, Staff, User
from clients.org.standing import holds
from clients.register.models import Client
from clients.shared import clock, masking
from clients.shared.masking import Level
from kpm.engine.problem import ConditionError
from kpm.strategies import segmenting, services
from kpm.strategies.models import Segment, SegmentExport

SHOWN = 10  # clients of a sample
COMPARED = 15  # other segments that one is compared with


@dataclass(frozen=True)
class Line:
    """One client of a sample: his name as this person may read it (None: not at all), the end of his number."""

    name: str | None
    tail: str
    branch: str


def page_of(user: User, staff: Staff, segment: Segment, now: datetime) -> dict[str, Any]:
    """Return what the page of a segment shows; `fault` says why nobody can be counted."""
    today = clock.shanghai_day(now)
    values: dict[str, Any] = {"segment": segment, "lists": lists_of(user, staff, segment, now)}
    others = list(segmenting.visible(staff).exclude(pk=segment.pk)[:COMPARED])
    try:
        tally = segmenting.tally(segment, staff.branch, today)
        overlaps = segmenting.overlaps(segment, others, staff.branch, today)
    except ConditionError as refused:
        return values | {"fault": " ".join(_(problem.sentence) % problem.values for problem in refused.problems)}
    except segmenting.Uncountable as refused:
        return values | {"fault": str(refused)}
    sample = sample_of(user, tally.sample, now) if tally else []
    return values | {"tally": tally, "sample": sample, "overlaps": overlaps}


def sample_of(user: User, ids: tuple[int, ...], now: datetime) -> list[Line]:
    """Return a few of some clients; names as the role may read them, sensitive clients and one's own account left out.

    An analyst sees no clients by name, so he gets those who are not sensitive, without names.
    """
    level = access.field_level(user, "name", now=now)
    seen = Client.objects.filter(pk__in=ids)
    analyst = level in (Level.ABSENT, Level.BAND) and holds(user, Role.ANALYST, now)
    seen = seen.filter(sensitive=False) if analyst else seen.filter(access.scope(user, Client, now=now))
    found = seen.select_related("branch").in_bulk()
    shown = [found[number] for number in ids if number in found][:SHOWN]
    return [_line(client, level) for client in shown]


def _line(client: Client, level: Level) -> Line:
    """A sample says who is meant without saying who he is: a name is masked also for who may read it elsewhere."""
    masked = Level.MASKED if level in (Level.FULL, Level.REVEAL) else level
    name = masking.apply(masked, client.name, masking.mask_name)
    return Line(name, client.client_no[-4:], client.branch.name)


def lists_of(user: User, staff: Staff, segment: Segment, now: datetime) -> list[dict[str, Any]]:
    """Return the lists of a segment with what this person may do with each."""
    return [
        {
            "row": row,
            "decides": row.state == SegmentExport.State.ASKED and services.may_decide(row, user, now),
            "takes": row.state == SegmentExport.State.MADE and row.asked_by_id == user.pk,
        }
        for row in segmenting.exports_for(segment, staff)
    ]
