"""A hit becomes a message, a reminder or a task. Killed anywhere and run again, each hit is delivered once."""

import logging
from datetime import datetime, time, timedelta
from typing import Any

from django.db import OperationalError, connection, transaction

from advisory.dispatch import selectors
from advisory.dispatch.models import RoutingDecision
from advisory.dispatch.routing import Route, route
from advisory.dispatch.wording import FOOTER, fill, why_line
from advisory.inbox import services as inbox
from advisory.inbox.models import MessageTemplate
from advisory.taskqueue import services as taskqueue
from advisory.taskqueue.models import Task
from clients.behaviour import services as behaviour
from clients.shared import clock
from kpm.strategies import selectors as strategies
from kpm.strategies import services as strategy_services
from kpm.strategies.catalogue_of import catalogue
from kpm.strategies.models import Hit, Purpose, StrategyVersion

log = logging.getLogger(__name__)
BATCH = 200
CLOSE_OF_DAY = time(23, 59)
RANK_OF_PURPOSE = {Purpose.REGULATORY: 400.0, Purpose.RISK: 300.0, Purpose.SERVICE: 200.0, Purpose.MARKETING: 100.0}
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
    # Clients in one order for every worker: two batches that lock the same clients cannot wait for each other.
    return [_safely(hit, now) for hit in sorted(hits, key=lambda hit: (hit.client_id, hit.pk))]


def _safely(hit: Hit, now: datetime) -> str:
    """Deliver one hit in a savepoint: one that fails is marked and logged, and the others go on."""
    try:
        with transaction.atomic():
            return _deliver(hit, now)
    except OperationalError:
        raise  # the database is going away: nothing of this batch is kept
    except Exception:
        log.exception("hit %s of %s could not be delivered", hit.uid, hit.strategy.code)
        strategy_services.report_stopped(hit=hit, reason="failed", now=now)
        return "failed"


def _deliver(hit: Hit, now: datetime) -> str:
    with connection.cursor() as cursor:
        # Two deliveries to one client count each other's touches only if they wait for each other.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [hit.client_id])
    reason = selectors.late_stop(hit, now)
    if reason:
        strategy_services.report_stopped(hit=hit, reason=reason, now=now)
        return reason
    outcome = _message(hit, now) if hit.version.action in MESSAGES else _work(hit, now)
    strategy_services.report_delivered(hit=hit, now=now)
    return outcome


def _message(hit: Hit, now: datetime) -> str:
    template = MessageTemplate.objects.filter(code=hit.version.template_code, active=True).order_by("-version").first()
    if template is None:
        raise TextMissing(f"{hit.strategy.code} names the template {hit.version.template_code!r}; none is active.")
    inbox.deliver(
        hit=hit,
        title=fill(template.title, hit.evidence, catalogue()),
        body=f"{fill(template.body, hit.evidence, catalogue())}\n{FOOTER}",
        data_day=hit.last_day,
        now=now,
        **_shared(hit, now),
    )
    return "message"


def _work(hit: Hit, now: datetime) -> str:
    """A task for a person, or a reminder: the same row without a playbook."""
    reminder = hit.version.action == StrategyVersion.Action.REMINDER
    where = _route(hit, now)
    task, created = taskqueue.create_task(
        kind=Task.Kind.REMINDER if reminder else Task.Kind.TASK,
        occurrence=hit.occurrence,
        by=f"strategy:{hit.strategy.code}",
        now=now,
        assignee_id=where.staff_id,
        pool=where.pool,
        playbook_code="" if reminder else hit.version.playbook_code,
        strategy_version=hit.version.number,
        strategy_name_zh=hit.strategy.name_zh,
        strategy_name_en=hit.strategy.name_en,
        hit_uid=hit.uid,
        evidence_asof=hit.last_day,
        rank=RANK_OF_PURPOSE[Purpose(hit.version.purpose)] - hit.version.priority,
        due_at=now + timedelta(hours=hit.version.sla_hours) if hit.version.sla_hours else None,
        **_shared(hit, now),
    )
    if created:
        _note(task, where, now)
    return str(task.kind)


def _shared(hit: Hit, now: datetime) -> dict[str, Any]:
    """What a message and a task say alike."""
    last = selectors.last_valid_day(hit)
    return {
        "client": hit.client,
        "strategy_code": hit.strategy.code,
        "purpose": hit.version.purpose,
        "why": why_line(hit.version, hit.evidence, "zh"),
        "why_en": why_line(hit.version, hit.evidence, "en"),
        "evidence": hit.evidence,
        "valid_until": clock.at_shanghai(last, CLOSE_OF_DAY),
    }


def _note(task: Task, where: Route, now: datetime) -> None:
    """Keep why the task went where it went, and tell the features that it was made."""
    RoutingDecision.objects.create(task=task, chosen_id=where.staff_id, pool=where.pool, reasons=where.reasons, at=now)
    behaviour.record(
        kind="task_created",
        idem_key=f"task_created:{task.pk}",
        at=now,
        client_id=task.client_id,
        object_id=str(task.uid),
        properties={"strategy": task.strategy_code},
    )


def _route(hit: Hit, now: datetime) -> Route:
    return route(
        handler=hit.version.handler,
        branch_id=hit.branch_id,
        branch_code=hit.branch.code,
        manager_id=hit.client.manager_id,
        people=selectors.candidates(now),
    )
