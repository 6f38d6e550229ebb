"""Making tasks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from advisory.taskqueue.models import PlaybookVersion, Task, TaskEvent
from clients.register.models import Client
from clients.shared import live

Key = tuple[str, int, str]


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A task to be made, in line for a person or a pool; `fields` are the others of its row."""

    client: Client
    kind: str
    occurrence: str
    strategy_code: str
    by: str
    assignee_id: int | None = None
    pool: str = ""
    playbook_code: str = ""
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """What there is only one task of."""
        return self.strategy_code, self.client.pk, self.occurrence


@transaction.atomic
def create_tasks(*, drafts: Sequence[Draft], now: datetime) -> list[tuple[Task, bool]]:
    """This will make the tasks of drafts, each with whether it is new: of one (strategy, client, occurrence) is one."""
    known = _known(drafts)
    first = {draft.key: draft for draft in reversed(drafts) if draft.key not in known}
    playbooks = _playbooks({draft.playbook_code for draft in first.values()} - {""})
    new = {draft.key: _row(draft, playbooks, now) for draft in drafts if first.get(draft.key) is draft}
    Task.objects.bulk_create(new.values())
    TaskEvent.objects.bulk_create(
        [TaskEvent(task=task, to_state=task.state, by=first[key].by, at=now) for key, task in new.items()]
    )
    live.bump(*(name for task in new.values() for name in _channels(task)))
    there = known | new
    return [(there[draft.key], first.get(draft.key) is draft) for draft in drafts]


def _known(drafts: Sequence[Draft]) -> dict[Key, Task]:
    rows = Task.objects.filter(
        strategy_code__in={draft.strategy_code for draft in drafts},
        client__in={draft.client.pk for draft in drafts},
        occurrence__in={draft.occurrence for draft in drafts},
    )
    return {(row.strategy_code, row.client_id, row.occurrence): row for row in rows}


def _playbooks(codes: Iterable[str]) -> dict[str, PlaybookVersion]:
    rows = PlaybookVersion.objects.filter(playbook__code__in=codes, state=PlaybookVersion.State.PUBLISHED)
    return {row.playbook.code: row for row in rows.select_related("playbook")}


def _row(draft: Draft, playbooks: dict[str, PlaybookVersion], now: datetime) -> Task:
    return Task(
        strategy_code=draft.strategy_code, client=draft.client, occurrence=draft.occurrence, kind=draft.kind,
        branch_id=draft.client.branch_id, assignee_id=draft.assignee_id, pool=draft.pool,
        playbook_version=playbooks.get(draft.playbook_code), created_at=now, **draft.fields,
    )  # fmt: skip


def _channels(task: Task) -> list[str]:
    names = [f"staff:{task.assignee_id}"] if task.assignee_id else []
    return [f"pool:{task.pool}", f"branch:{task.branch_id}:board", *names]
