"""A hit becomes a message, a reminder or a task. Killed anywhere and run again, each hit is delivered once."""

import logging
from datetime import datetime

from django.db import OperationalError, transaction

from advisory.dispatch import selectors
from advisory.dispatch.judging import Judged
from advisory.dispatch.routing import Candidate
from advisory.dispatch.services.follow import promise
from advisory.dispatch.services.work import give_work, shared
from advisory.dispatch.wording import FOOTER, fill
from advisory.inbox import services as inbox
from advisory.inbox.models import MessageTemplate
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
    """One batch, one transaction: hits locked by SKIP LOCKED, so several workers share the work and none twice."""
    hits = list(strategies.deliverable().select_for_update(of=("self",), skip_locked=True)[:BATCH])
    if not hits:
        return []
    people, judged = selectors.candidates(now), Judged(hits, now)
    return [_safely(hit, judged, people, now) for hit in sorted(hits, key=lambda hit: (hit.client_id, hit.pk))]


def _safely(hit: Hit, judged: Judged, people: list[Candidate], now: datetime) -> str:
    """Deliver one hit in a savepoint: one that fails is marked and logged, and the others go on."""
    try:
        with transaction.atomic():
            return _deliver(hit, judged, people, now)
    except OperationalError:
        raise  # the database is going away: nothing of this batch is kept
    except Exception:
        log.exception("hit %s of %s could not be delivered", hit.uid, hit.strategy.code)
        strategy_services.report_stopped(hit=hit, reason="failed", now=now)
        return "failed"


def _deliver(hit: Hit, judged: Judged, people: list[Candidate], now: datetime) -> str:
    if reason := judged.against(hit):
        strategy_services.report_stopped(hit=hit, reason=reason, now=now)
        return reason
    outcome = _message(hit, people, now) if hit.version.action in MESSAGES else _work(hit, people, now)
    strategy_services.report_delivered(hit=hit, now=now)
    judged.delivered(hit)
    return outcome


def _message(hit: Hit, people: list[Candidate], now: datetime) -> str:
    template = MessageTemplate.objects.filter(code=hit.version.template_code, active=True).order_by("-version").first()
    if template is None:
        raise TextMissing(f"{hit.strategy.code} names the template {hit.version.template_code!r}; none is active.")
    inbox.deliver(
        hit=hit,
        title=fill(template.title, hit.evidence, catalogue()),
        body=f"{fill(template.body, hit.evidence, catalogue())}\n{FOOTER}",
        data_day=hit.last_day,
        now=now,
        **shared(hit),
    )
    if hit.version.action == StrategyVersion.Action.PUSH_THEN_TASK:
        promise(hit, people, now)
    return "message"


def _work(hit: Hit, people: list[Candidate], now: datetime) -> str:
    return str(give_work(hit, people, now).kind)
