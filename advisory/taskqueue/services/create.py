"""Making tasks and publishing playbooks."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import transaction

from advisory.taskqueue.models import Playbook, PlaybookStep, PlaybookVersion, Task, TaskEvent
from clients.register.models import Client
from clients.shared import live
from kpm.strategies import services as strategies


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


@transaction.atomic
def publish_playbook(*, code: str, name_zh: str, name_en: str, steps: list[dict[str, Any]]) -> PlaybookVersion:
    """This will make the given steps the published text of a playbook; the same text again changes nothing.

    The text before becomes obsolete; open tasks keep the version they began with.
    """
    playbook, _created = Playbook.objects.update_or_create(code=code, defaults={"name_zh": name_zh, "name_en": name_en})
    body_hash = hashlib.sha256(json.dumps(steps, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    current = playbook.versions.filter(state=PlaybookVersion.State.PUBLISHED).first()
    if current and current.body_hash == body_hash:
        return current
    playbook.versions.filter(state=PlaybookVersion.State.PUBLISHED).update(state=PlaybookVersion.State.OBSOLETE)
    version = PlaybookVersion.objects.create(
        playbook=playbook, number=playbook.versions.count() + 1, body_hash=body_hash
    )
    PlaybookStep.objects.bulk_create(
        PlaybookStep(version=version, order=order, **step) for order, step in enumerate(steps, 1)
    )
    version.state = PlaybookVersion.State.PUBLISHED  # last, because its steps stay from now on
    version.save(update_fields=["state"])
    strategies.offer_delivery(kind="playbook", code=code, version=version.number)
    return version
