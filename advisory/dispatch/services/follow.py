"""A message that asks for an answer: after its wait a task follows, unless its goal is reached or the need has gone."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from advisory.dispatch import selectors
from advisory.dispatch.models import FollowUp
from advisory.dispatch.routing import Candidate
from advisory.dispatch.services.work import give_work
from clients.shared import clock
from kpm.outcomes import selectors as outcomes
from kpm.strategies import selectors as strategies
from kpm.strategies.models import Hit

BATCH = 200


def promise(hit: Hit, people: list[Candidate], now: datetime) -> None:
    """This will note that a task follows the message of a hit; without a wait it follows at once."""
    wait = hit.version.task_after_hours or 0
    line, created = FollowUp.objects.get_or_create(hit=hit, defaults={"due_at": now + timedelta(hours=wait)})
    if created and not wait:
        _make(line, people, now)


@transaction.atomic
def follow_up(*, now: datetime) -> dict[str, int]:
    """This will turn due promises into tasks; counts by what became of them. Several workers share the lines."""
    due = FollowUp.objects.filter(state=FollowUp.State.WAITING, due_at__lte=now).order_by("due_at", "pk")
    lines = list(
        due.select_related("hit__client", "hit__branch", "hit__strategy", "hit__version").select_for_update(
            of=("self",), skip_locked=True
        )[:BATCH]
    )
    people = selectors.candidates(now) if lines else []
    met = outcomes.goals_met([line.hit for line in lines], now=now)
    counts: dict[str, int] = {}
    for line in lines:
        state = _follow(line, people, met=line.hit_id in met, now=now)
        counts[state] = counts.get(state, 0) + 1
    return counts


def _follow(line: FollowUp, people: list[Candidate], *, met: bool, now: datetime) -> str:
    if met:
        return _end(line, FollowUp.State.MET, "", now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [line.hit.client_id])
    if reason := selectors.late_stop(line.hit, now, contact="task"):
        return _end(line, FollowUp.State.STOPPED, reason, now)
    if not strategies.still_matches(line.hit, until=clock.shanghai_day(now)):
        return _end(line, FollowUp.State.NEED_GONE, "", now)
    return _make(line, people, now)


def _make(line: FollowUp, people: list[Candidate], now: datetime) -> str:
    line.task = give_work(line.hit, people, now)
    return _end(line, FollowUp.State.MADE, "", now)


def _end(line: FollowUp, state: FollowUp.State, reason: str, now: datetime) -> str:
    line.state, line.reason, line.ended_at = state, reason, now
    line.save(update_fields=["task", "state", "reason", "ended_at"])
    return str(state.value)
