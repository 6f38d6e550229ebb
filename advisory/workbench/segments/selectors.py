"""What the pages of segments show, within what the person asking may see."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from clients.org.models import Staff, User
from clients.shared import clock
from kpm.engine.problem import ConditionError
from kpm.strategies import segmenting, services
from kpm.strategies.models import Segment, SegmentExport
from kpm.strategies.studio.selectors import sample_of

COMPARED = 15  # other segments that one is compared with


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
