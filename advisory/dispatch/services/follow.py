"""A message that asks for an answer: after its wait a task follows, unless its goal is reached or the need has gone."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction

from advisory.dispatch import selectors
from advisory.dispatch.judging import Judged
from advisory.dispatch.models import FollowUp
from advisory.dispatch.routing import Candidate
from advisory.dispatch.services.together import rounds, together
from advisory.dispatch.services.work import give_work
from clients.shared import clock
from kpm.outcomes import selectors as outcomes
from kpm.strategies import lasting
from kpm.strategies.models import Hit, StrategyVersion

log = logging.getLogger(__name__)
BATCH = 200
TASK = StrategyVersion.Action.TASK
SWITCH = "stopped_by_switch"
AGAIN = timedelta(minutes=5)  # as often as promises are looked at


def promise(hits: Sequence[Hit], people: list[Candidate], now: datetime) -> None:
    """This will note that tasks follow the messages of hits; without a wait one follows at once, if it may."""
    known = set(FollowUp.objects.filter(hit__in=hits).values_list("hit_id", flat=True))
    lines = [FollowUp(hit=hit, due_at=now + _wait(hit)) for hit in hits if hit.pk not in known]
    FollowUp.objects.bulk_create(lines)
    if at_once := [line for line in lines if not _wait(line.hit)]:
        judged = Judged([line.hit for line in at_once], now, contact=TASK)
        _make_if_allowed(at_once, judged, people, now)


def _wait(hit: Hit) -> timedelta:
    return timedelta(hours=hit.version.task_after_hours or 0)


def follow_up(*, now: datetime) -> dict[str, int]:
    """This will turn due promises into tasks; counts by what became of them. Several workers share the lines."""
    counts: dict[str, int] = {}
    done = [""] * BATCH
    while len(done) == BATCH:
        done = _batch(now)
        for state in done:
            counts[state] = counts.get(state, 0) + 1
    return counts


@transaction.atomic
def _batch(now: datetime) -> list[str]:
    due = FollowUp.objects.filter(state=FollowUp.State.WAITING, due_at__lte=now).order_by("due_at", "pk")
    found = due.select_related("hit__client", "hit__branch", "hit__strategy", "hit__version")
    # With their hits, which are written to: a run that publishes and a batch never wait for each other in a circle.
    lines = list(found.select_for_update(of=("self", "hit"), skip_locked=True, no_key=True)[:BATCH])
    if not lines:
        return []
    hits = [line.hit for line in lines]
    over = dict.fromkeys(lasting.gone(hits, until=clock.shanghai_day(now)), FollowUp.State.NEED_GONE)
    met = outcomes.goals_met(hits, now=now)
    over |= {hit.uid: FollowUp.State.MET for hit in hits if hit.pk in met}
    # A call is another contact than the message: it asks anew whether it may happen.
    people, judged = selectors.candidates(now), Judged(hits, now, contact=TASK)
    lines.sort(key=lambda line: (line.hit.client_id, line.pk))
    do = partial(_follow, over=over, judged=judged, people=people, now=now)
    failed = partial(_failed, now=now)
    return [state for some in rounds(lines, lambda line: line.hit.client_id) for state in together(some, do, failed)]


def _failed(line: FollowUp, now: datetime) -> str:
    log.exception("the task after the message of hit %s could not be made", line.hit.uid)
    line.task = None
    _end([line], FollowUp.State.STOPPED, "failed", now)
    return str(line.state)


def _follow(
    lines: Sequence[FollowUp], over: Mapping[UUID, FollowUp.State], judged: Judged, people: list[Candidate],
    now: datetime,
) -> list[str]:  # fmt: skip
    """Follow promises to different clients; the state in which each ended."""
    crowd = list(people)
    for state in sorted(set(over.values())):
        _end([line for line in lines if over.get(line.hit.uid) == state], state, "", now)
    made = _make_if_allowed([line for line in lines if line.hit.uid not in over], judged, crowd, now)
    people[:] = crowd
    judged.delivered(line.hit for line in made)
    return [str(line.state) for line in lines]


def _make_if_allowed(
    lines: Sequence[FollowUp], judged: Judged, people: list[Candidate], now: datetime
) -> list[FollowUp]:
    """Make the tasks of those that nothing speaks against, and return their lines."""
    stopped = judged.against(line.hit for line in lines)
    _put_off([line for line in lines if stopped.get(line.hit.uid) == SWITCH], now)
    for reason in sorted(set(stopped.values()) - {SWITCH}):
        _end([line for line in lines if stopped.get(line.hit.uid) == reason], FollowUp.State.STOPPED, reason, now)
    going = [line for line in lines if line.hit.uid not in stopped]
    for line, task in zip(going, give_work([line.hit for line in going], people, now), strict=True):
        line.task = task
    _end(going, FollowUp.State.MADE, "", now)
    return going


def _put_off(lines: Sequence[FollowUp], now: datetime) -> None:
    """What a stop of service holds back is asked again: until it ends, the need has gone, or the hit is too old."""
    for line in lines:
        line.due_at, line.reason = now + AGAIN, SWITCH
    FollowUp.objects.bulk_update(lines, ["due_at", "reason"])


def _end(lines: Sequence[FollowUp], state: FollowUp.State, reason: str, now: datetime) -> None:
    for line in lines:
        line.state, line.reason, line.ended_at = state, reason, now
    FollowUp.objects.bulk_update(lines, ["task", "state", "reason", "ended_at"])
