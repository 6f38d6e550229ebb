"""A hit becomes a message, a reminder or a task. Killed anywhere and run again, each hit is delivered once."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from advisory.dispatch import selectors
from advisory.dispatch.judging import Judged
from advisory.dispatch.routing import Candidate
from advisory.dispatch.services.follow import promise
from advisory.dispatch.services.together import rounds, together
from advisory.dispatch.services.work import give_work, said
from advisory.dispatch.wording import FOOTER, fill
from advisory.inbox import services as inbox
from advisory.inbox.models import Message, MessageTemplate
from clients.market.calendar import Calendar, calendar
from kpm.strategies import selectors as strategies
from kpm.strategies import services as strategy_services
from kpm.strategies.catalogue_of import catalogue
from kpm.strategies.models import Hit, StrategyVersion

log = logging.getLogger(__name__)
BATCH = 200
MESSAGES = {StrategyVersion.Action.PUSH, StrategyVersion.Action.PUSH_THEN_TASK}


class TextMissing(Exception):
    """A live strategy names a template that is not active: an administrator has to publish it."""


def deliver_pending(*, now: datetime) -> dict[str, int]:
    """This will deliver every hit within capacity that nobody delivers yet; counts by what it became."""
    counts: dict[str, int] = {}
    done = [""] * BATCH
    while len(done) == BATCH:
        done = _deliver_batch(now)
        for outcome in done:
            counts[outcome] = counts.get(outcome, 0) + 1
    strategy_services.count_endings()
    return counts


@transaction.atomic
def _deliver_batch(now: datetime) -> list[str]:
    """One batch, one transaction: hits locked by SKIP LOCKED, so several workers share the work and none twice.

    A client's hits come one after the other, since each is judged by what the one before it brought him.
    """
    hits = list(strategies.deliverable().select_for_update(of=("self",), skip_locked=True)[:BATCH])
    if not hits:
        return []
    people, judged = selectors.candidates(now), Judged(hits, now)
    do, failed = partial(_deliver, judged=judged, people=people, now=now), partial(_failed, now=now)
    hits.sort(key=lambda hit: (hit.client_id, hit.pk))
    return [outcome for some in rounds(hits, lambda hit: hit.client_id) for outcome in together(some, do, failed)]


def _failed(hit: Hit, now: datetime) -> str:
    log.exception("hit %s of %s could not be delivered", hit.uid, hit.strategy.code)
    strategy_services.report_stopped(hits=[hit], reason="failed", now=now)
    return "failed"


def _deliver(hits: Sequence[Hit], judged: Judged, people: list[Candidate], now: datetime) -> list[str]:
    """Deliver hits of different clients; what each became, or what stops it."""
    stopped, crowd = judged.against(hits), list(people)
    for reason in sorted(set(stopped.values())):
        strategy_services.report_stopped(hits=[h for h in hits if stopped.get(h.uid) == reason], reason=reason, now=now)
    going = [hit for hit in hits if hit.uid not in stopped]
    became = stopped | _messages([hit for hit in going if hit.version.action in MESSAGES], crowd, now)
    became |= _work([hit for hit in going if hit.version.action not in MESSAGES], crowd, now)
    strategy_services.report_delivered(hits=going, now=now)
    people[:] = crowd
    judged.delivered(going)
    return [became[hit.uid] for hit in hits]


def _messages(hits: Sequence[Hit], people: list[Candidate], now: datetime) -> dict[UUID, str]:
    if not hits:
        return {}
    templates, cal = _templates(hits), calendar()
    inbox.deliver_all(messages=[_message(hit, templates, cal) for hit in hits], now=now)
    promise([hit for hit in hits if hit.version.action == StrategyVersion.Action.PUSH_THEN_TASK], people, now)
    return {hit.uid: "message" for hit in hits}


def _templates(hits: Sequence[Hit]) -> dict[str, MessageTemplate]:
    """The newest active text of each code."""
    codes = {hit.version.template_code for hit in hits}
    return {row.code: row for row in MessageTemplate.objects.filter(code__in=codes, active=True).order_by("version")}


def _message(hit: Hit, templates: Mapping[str, MessageTemplate], cal: Calendar) -> Message:
    template = templates.get(hit.version.template_code)
    if template is None:
        raise TextMissing(f"{hit.strategy.code} names the template {hit.version.template_code!r}; none is active.")
    return Message(
        client=hit.client,
        hit=hit,
        strategy_code=hit.strategy.code,
        title=fill(template.title, hit.evidence, catalogue()),
        body=f"{fill(template.body, hit.evidence, catalogue())}\n{FOOTER}",
        data_day=hit.last_day,
        **said(hit, cal),
    )


def _work(hits: Sequence[Hit], people: list[Candidate], now: datetime) -> dict[UUID, str]:
    tasks = give_work(hits, people, now) if hits else []
    return {hit.uid: str(task.kind) for hit, task in zip(hits, tasks, strict=True)}
