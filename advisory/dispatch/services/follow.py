"""A message that asks for an answer: after its wait a task follows, unless its goal is reached or the need has gone."""

import logging
from datetime import datetime, timedelta

from django.db import OperationalError, transaction

from advisory.dispatch import selectors
from advisory.dispatch.judging import Judged
from advisory.dispatch.models import FollowUp
from advisory.dispatch.routing import Candidate
from advisory.dispatch.services.work import give_work
from clients.shared import clock
from kpm.outcomes import selectors as outcomes
from kpm.strategies import lasting
from kpm.strategies.models import Hit, StrategyVersion

log = logging.getLogger(__name__)
BATCH = 200
TASK = StrategyVersion.Action.TASK


def promise(hit: Hit, people: list[Candidate], now: datetime) -> None:
    """This will note that a task follows the message of a hit; without a wait it follows at once, if it may."""
    wait = hit.version.task_after_hours or 0
    line, created = FollowUp.objects.get_or_create(hit=hit, defaults={"due_at": now + timedelta(hours=wait)})
    if created and not wait:
        _make_if_allowed(line, Judged([hit], now, contact=TASK), people, now)


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
    return [_safely(line, judged, people, over.get(line.hit.uid), now) for line in lines]


def _safely(line: FollowUp, judged: Judged, people: list[Candidate], over: FollowUp.State | None, now: datetime) -> str:
    """Follow one promise in a savepoint: one that fails is marked and logged, and the others go on."""
    try:
        with transaction.atomic():
            return _end(line, over, "", now) if over else _make_if_allowed(line, judged, people, now)
    except OperationalError:
        raise  # the database is going away: nothing of this batch is kept
    except Exception:
        log.exception("the task after the message of hit %s could not be made", line.hit.uid)
        line.task = None
        return _end(line, FollowUp.State.STOPPED, "failed", now)


def _make_if_allowed(line: FollowUp, judged: Judged, people: list[Candidate], now: datetime) -> str:
    if reason := judged.against(line.hit):
        return _end(line, FollowUp.State.STOPPED, reason, now)
    line.task = give_work(line.hit, people, now)
    judged.delivered(line.hit)
    return _end(line, FollowUp.State.MADE, "", now)


def _end(line: FollowUp, state: FollowUp.State, reason: str, now: datetime) -> str:
    line.state, line.reason, line.ended_at = state, reason, now
    line.save(update_fields=["task", "state", "reason", "ended_at"])
    return str(state.value)
