"""Making tasks."""

from datetime import datetime
from typing import Any

from django.db import transaction

from advisory.taskqueue.models import PlaybookVersion, Task, TaskEvent
from clients.register.models import Client
from clients.shared import live


@transaction.atomic
def create_task(
    *, client: Client, kind: str, occurrence: str, strategy_code: str, by: str, now: datetime,
    assignee_id: int | None = None, pool: str = "", playbook_code: str = "", **fields: Any,
) -> tuple[Task, bool]:  # fmt: skip
    """This will make a task in line for a person or a pool; the same (strategy, client, occurrence) is made once."""
    playbook = PlaybookVersion.objects.filter(
        playbook__code=playbook_code, state=PlaybookVersion.State.PUBLISHED
    ).first()
    task, created = Task.objects.get_or_create(
        strategy_code=strategy_code, client=client, occurrence=occurrence,
        defaults={
            "branch_id": client.branch_id, "kind": kind, "assignee_id": assignee_id, "pool": pool,
            "playbook_version": playbook, "created_at": now, **fields,
        },
    )  # fmt: skip
    if created:
        TaskEvent.objects.create(task=task, to_state=task.state, by=by, at=now)
        names = [f"staff:{assignee_id}"] if assignee_id else []
        live.bump(f"pool:{pool}", f"branch:{client.branch_id}:board", *names)
    return task, created
