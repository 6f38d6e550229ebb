"""A hit as work for a person: whom it goes to, what the task says, why it went there."""

from collections.abc import Mapping, Sequence
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
from clients.behaviour.models import BusinessFact
from clients.market.calendar import Calendar, calendar
from clients.shared import clock
from kpm.strategies import services as strategies
from kpm.strategies.models import Hit, Purpose, StrategyVersion

CLOSE_OF_DAY = time(23, 59)
RANK_OF_PURPOSE = {Purpose.REGULATORY: 400.0, Purpose.RISK: 300.0, Purpose.SERVICE: 200.0, Purpose.MARKETING: 100.0}


def give_work(hits: Sequence[Hit], people: list[Candidate], now: datetime) -> list[Task]:
    """This will make the tasks of hits, or reminders (rows without a playbook), in the caller's transaction.

    `people` is everybody who could take them; who gets one is counted there with one more, and the next is decided by
    that. The hits say when they were made.
    """
    covers, cal = selectors.covers(now), calendar()
    routes = [_route(hit, people, covers) for hit in hits]
    due = {version: _due(version, now) for version in {hit.version for hit in hits}}
    drafts = [
        taskqueue.Draft(
            client=hit.client, occurrence=hit.occurrence, strategy_code=hit.strategy.code,
            by=f"strategy:{hit.strategy.code}", assignee_id=where.staff_id, pool=where.pool, **_kind(hit.version),
            fields={"due_at": due[hit.version], **_origin(hit), **said(hit, cal)},
        )
        for hit, where in zip(hits, routes, strict=True)
    ]  # fmt: skip
    made = taskqueue.create_tasks(drafts=drafts, now=now)
    strategies.report_tasks(hits=hits, now=now)
    _note([(task, where) for (task, new), where in zip(made, routes, strict=True) if new], now)
    return [task for task, _new in made]


def _kind(version: StrategyVersion) -> dict[str, Any]:
    """A reminder asks for no work, so it has no playbook."""
    if version.action == StrategyVersion.Action.REMINDER:
        return {"kind": Task.Kind.REMINDER, "playbook_code": ""}
    return {"kind": Task.Kind.TASK, "playbook_code": version.playbook_code}


def _origin(hit: Hit) -> dict[str, Any]:
    """Which hit of which strategy it is, and where that stands in line."""
    return {
        "hit_uid": hit.uid,
        "evidence_asof": hit.last_day,
        "strategy_version": hit.version.number,
        "strategy_name_zh": hit.strategy.name_zh,
        "strategy_name_en": hit.strategy.name_en,
        "rank": RANK_OF_PURPOSE[Purpose(hit.version.purpose)] - hit.version.priority,
    }


def said(hit: Hit, cal: Calendar) -> dict[str, Any]:
    """Return what a message and a task say alike."""
    last = selectors.last_valid_day(hit, cal)
    return {
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


def _note(made: Sequence[tuple[Task, Route]], now: datetime) -> None:
    """Keep why new tasks went where they went, and tell the features that they were made."""
    RoutingDecision.objects.bulk_create(
        RoutingDecision(task=task, chosen_id=where.staff_id, pool=where.pool, reasons=where.reasons, at=now)
        for task, where in made
    )
    behaviour.record_all(facts=[_fact(task, now) for task, _where in made])


def _fact(task: Task, now: datetime) -> BusinessFact:
    return BusinessFact(
        kind="task_created",
        idem_key=f"task_created:{task.pk}",
        at=now,
        client_id=task.client_id,
        object_id=str(task.uid),
        properties={"strategy": task.strategy_code},
    )


def _route(hit: Hit, people: list[Candidate], covers: Mapping[int, int]) -> Route:
    """Decide who gets it, and count it with his work; of a manager who is away, whoever stands in for him."""
    manager = hit.client.manager_id
    where = route(
        handler=hit.version.handler,
        branch_id=hit.branch_id,
        branch_code=hit.branch.code,
        manager_id=covers.get(manager, manager) if manager else None,
        people=people,
    )
    for at, one in enumerate(people):
        if one.staff_id == where.staff_id:
            people[at] = replace(one, load=one.load + 1)
    return where
