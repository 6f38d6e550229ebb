"""A hit as work for a person: whom it goes to, what the task says, why it went there."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from advisory.dispatch import selectors
from advisory.dispatch.deadlines import after_service_hours
from advisory.dispatch.models import RoutingDecision
from advisory.dispatch.routing import Candidate, Route, route
from advisory.dispatch.wording import why_line
from advisory.taskqueue import services as taskqueue
from advisory.taskqueue.models import Task
from clients.behaviour import services as behaviour
from clients.market.calendar import calendar
from clients.shared import clock
from kpm.strategies import services as strategies
from kpm.strategies.models import Hit, Purpose, StrategyVersion

CLOSE_OF_DAY = time(23, 59)
RANK_OF_PURPOSE = {Purpose.REGULATORY: 400.0, Purpose.RISK: 300.0, Purpose.SERVICE: 200.0, Purpose.MARKETING: 100.0}


def give_work(hit: Hit, people: list[Candidate], now: datetime) -> Task:
    """This will make the task of a hit, or its reminder (the same row without a playbook), in the caller's transaction.

    `people` is everybody who could take it; who gets it is counted there with one more. The hit says when it was made.
    """
    where = _route(hit, people, now)
    task, created = taskqueue.create_task(
        by=f"strategy:{hit.strategy.code}", now=now, assignee_id=where.staff_id, pool=where.pool,
        due_at=_due(hit.version, now), **_kind(hit.version), **_origin(hit), **shared(hit),
    )  # fmt: skip
    strategies.report_task(hit=hit, now=now)
    if created:
        _note(task, where, people, now)
    return task


def _kind(version: StrategyVersion) -> dict[str, Any]:
    """A reminder asks for no work, so it has no playbook."""
    if version.action == StrategyVersion.Action.REMINDER:
        return {"kind": Task.Kind.REMINDER, "playbook_code": ""}
    return {"kind": Task.Kind.TASK, "playbook_code": version.playbook_code}


def _origin(hit: Hit) -> dict[str, Any]:
    """Which hit of which strategy it is, and where that stands in line."""
    return {
        "hit_uid": hit.uid,
        "occurrence": hit.occurrence,
        "evidence_asof": hit.last_day,
        "strategy_version": hit.version.number,
        "strategy_name_zh": hit.strategy.name_zh,
        "strategy_name_en": hit.strategy.name_en,
        "rank": RANK_OF_PURPOSE[Purpose(hit.version.purpose)] - hit.version.priority,
    }


def shared(hit: Hit) -> dict[str, Any]:
    """Return what a message and a task say alike."""
    last = selectors.last_valid_day(hit, calendar())
    return {
        "client": hit.client,
        "strategy_code": hit.strategy.code,
        "purpose": hit.version.purpose,
        "why": why_line(hit.version, hit.evidence, "zh"),
        "why_en": why_line(hit.version, hit.evidence, "en"),
        "evidence": hit.evidence,
        "valid_until": clock.at_shanghai(last, CLOSE_OF_DAY),
    }


def _due(version: StrategyVersion, now: datetime) -> datetime | None:
    if not version.sla_hours:
        return None
    if version.sla_clock == StrategyVersion.Clock.HOURS:
        return now + timedelta(hours=version.sla_hours)
    return after_service_hours(now, version.sla_hours)


def _note(task: Task, where: Route, people: list[Candidate], now: datetime) -> None:
    """Keep why the task went where it went, and tell the features that it was made."""
    RoutingDecision.objects.create(task=task, chosen_id=where.staff_id, pool=where.pool, reasons=where.reasons, at=now)
    people[:] = [replace(one, load=one.load + 1) if one.staff_id == where.staff_id else one for one in people]
    behaviour.record(
        kind="task_created",
        idem_key=f"task_created:{task.pk}",
        at=now,
        client_id=task.client_id,
        object_id=str(task.uid),
        properties={"strategy": task.strategy_code},
    )


def _route(hit: Hit, people: list[Candidate], now: datetime) -> Route:
    """Decide who gets it; of a manager who is away, whoever stands in for him."""
    manager = hit.client.manager_id
    return route(
        handler=hit.version.handler,
        branch_id=hit.branch_id,
        branch_code=hit.branch.code,
        manager_id=selectors.covers(now).get(manager, manager) if manager else None,
        people=people,
    )
