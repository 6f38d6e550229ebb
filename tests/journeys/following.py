"""Follows every hit of a database back to the features that made it and forward to what came of it.

    DATABASE_URL=… WANGTING_VAR=… python -m tests.journeys.following

prints how many rows were followed and every one that could not be; exit status 1 when there are any. For a branch that
lives, as the demo does: the lake holds the features of every day that a hit names.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import django

if __name__ == "__main__":
    django.setup()

from advisory.inbox.models import Message
from advisory.taskqueue.models import Task, TaskResult
from clients.lake.reading import open_lake, relation
from clients.portrait import selectors as portrait
from kpm.engine.explain import explain
from kpm.outcomes.models import Outcome
from kpm.strategies.members import member_of
from kpm.strategies.models import Hit, HitEnding, HitFeedback, Run, Stage, StrategyVersion
from kpm.strategies.services.lines import table_of

MESSAGES = {StrategyVersion.Action.PUSH, StrategyVersion.Action.PUSH_THEN_TASK}


def unfollowed(until: date) -> list[str]:
    """Return a sentence for every row between facts and outcome that leads nowhere; `until` is the last lived day."""
    hits = list(Hit.objects.select_related("version", "strategy", "run").order_by("last_day", "pk"))
    return [*_backward(hits), *_forward(hits, until), *_orphans()]


def _backward(hits: Iterable[Hit]) -> Iterator[str]:
    """From the hit to its run, its line in the lake, the client's features of the day and the condition."""
    by_run: dict[Run, list[Hit]] = defaultdict(list)
    for hit in hits:
        by_run[hit.run].append(hit)
    for run, own in by_run.items():
        if run.state not in (Run.State.PUBLISHED, Run.State.SUPERSEDED):
            yield f"{run} is {run.state} and has {len(own)} hits"
        lines, rows = _lines(run), _features(run, {hit.client_id for hit in own})
        for hit in own:
            if (hit.version_id, hit.client_id, hit.object_key) not in lines:
                yield f"hit {hit.uid} has no line in the lake"
            yield from _condition(hit, rows.get(hit.client_id))


def _lines(run: Run) -> set[tuple[int, int, str]]:
    with open_lake() as con:
        source = relation(table_of(run.slot), [run.day])
        rows = con.execute(f"SELECT version_id, client_id, object_key FROM {source} WHERE run_id = {run.pk}").fetchall()
    return set(rows)


def _features(run: Run, clients: set[int]) -> dict[int, dict[str, Any]]:
    slot = run.slot if portrait.feature_version(run.day, run.slot) else ""
    with portrait.open_features(run.day, slot) as (con, source):
        found = con.execute(f"SELECT * FROM {source} WHERE client_id IN (SELECT unnest(?::BIGINT[]))", [list(clients)])
        names = [column[0] for column in found.description or []]
        return {row[names.index("client_id")]: dict(zip(names, row, strict=True)) for row in found.fetchall()}


def _condition(hit: Hit, row: dict[str, Any] | None) -> Iterator[str]:
    if row is None:
        yield f"hit {hit.uid}: client {hit.client_id} has no features on {hit.last_day}"
        return
    condition = member_of(hit.version).condition
    if explain(condition, row).truth is not True:
        yield f"hit {hit.uid} of {hit.strategy.code}: the features of {hit.last_day} do not match"
    if explain(condition, hit.evidence).truth is not True:
        yield f"hit {hit.uid} of {hit.strategy.code}: its evidence does not match"


def _forward(hits: Iterable[Hit], until: date) -> Iterator[str]:
    """From the hit to its message or task, its ending, and the outcome once its window has closed."""
    messages = set(Message.objects.exclude(hit=None).values_list("hit_id", flat=True))
    tasks = set(Task.objects.exclude(hit_uid=None).values_list("hit_uid", flat=True))
    ended = set(HitEnding.objects.filter(reason="").values_list("hit_id", flat=True))
    measured = set(Outcome.objects.values_list("hit_id", flat=True))
    for hit in hits:
        if hit.delivered_at:
            there = hit.pk in messages if hit.version.action in MESSAGES else hit.uid in tasks
            if not there or hit.pk not in ended:
                yield f"hit {hit.uid} of {hit.strategy.code} was delivered and has no message, task or ending"
        elif hit.stage == Stage.DELIVERED:
            yield f"hit {hit.uid} counts as delivered without a moment"
        if hit.would_win and hit.used_on and _closed(hit, until) and hit.pk not in measured:
            yield f"hit {hit.uid} of {hit.strategy.code}: its window has closed without an outcome"


def _closed(hit: Hit, until: date) -> bool:
    window = hit.version.goal_window
    return bool(window and hit.used_on and (until - hit.used_on).days >= window)


def _orphans() -> Iterator[str]:
    """Messages and tasks that nothing made, results that no strategy hears of."""
    uids = set(Hit.objects.values_list("uid", flat=True))
    for message in Message.objects.filter(hit=None):
        yield f"message {message.uid} has no hit"
    for uid, hit_uid in Task.objects.values_list("uid", "hit_uid"):
        if hit_uid not in uids:
            yield f"task {uid} has no hit"
    heard = set(HitFeedback.objects.values_list("hit__uid", flat=True))
    for result in TaskResult.objects.select_related("task"):
        if result.task.hit_uid not in heard:
            yield f"the result {result.pk} of task {result.task.uid} never reached its hit"


if __name__ == "__main__":
    last = max(Run.objects.values_list("day", flat=True))
    wrong = unfollowed(last)
    for model in (Hit, Message, Task, TaskResult, Outcome):
        print(f"{model.__name__:<12} {model.objects.count():>8,}")
    print(f"{len(wrong):,} of them lead nowhere", *wrong[:40], sep="\n")
    sys.exit(bool(wrong))
