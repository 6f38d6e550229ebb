"""Publishing the texts of a process: from the library whole, by an administrator through a draft."""

import hashlib
import json
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict

from advisory.taskqueue.models import Playbook, PlaybookStep, PlaybookVersion
from kpm.strategies import services as strategies

State = PlaybookVersion.State
CONTENT = ("kind", "text", "avoid_text", "answer_type", "choices", "required")


class NotADraft(Exception):
    """Only a draft is published; what was published stays as it is."""


@transaction.atomic
def publish_playbook(
    *, code: str, name_zh: str, name_en: str, steps: list[dict[str, Any]], again: bool = True
) -> PlaybookVersion:
    """This will make the given steps the published text of a playbook; the same text again changes nothing.

    The text before becomes obsolete; open tasks keep the version they began with. With `again` false a text that
    was published before is not brought back: an administrator has replaced it since.
    """
    playbook, _created = Playbook.objects.update_or_create(code=code, defaults={"name_zh": name_zh, "name_en": name_en})
    version = PlaybookVersion(playbook=playbook, number=playbook.versions.count() + 1)
    rows = [PlaybookStep(version=version, order=order, **step) for order, step in enumerate(steps, 1)]
    known = playbook.versions.filter(body_hash=_digest(rows)).exclude(state=State.DRAFT)
    current = playbook.versions.filter(state=State.PUBLISHED).first()
    if current and (current in known or (known and not again)):
        return current
    version.save()
    PlaybookStep.objects.bulk_create(rows)
    return _publish(version, rows)


@transaction.atomic
def draft_playbook(*, playbook: Playbook) -> PlaybookVersion:
    """This will open a draft with the steps of the newest version; one that is open already is given back."""
    newest = playbook.versions.order_by("-number").first()
    if newest and newest.state == State.DRAFT:
        return newest
    draft = PlaybookVersion.objects.create(playbook=playbook, number=newest.number + 1 if newest else 1)
    before = newest.steps.all() if newest else []
    PlaybookStep.objects.bulk_create(
        PlaybookStep(version=draft, order=step.order, **model_to_dict(step, CONTENT)) for step in before
    )
    return draft


@transaction.atomic
def publish_draft(*, version: PlaybookVersion) -> PlaybookVersion:
    """This will publish a draft in place of the text before; raises NotADraft for anything else."""
    row = PlaybookVersion.objects.select_for_update(of=("self",)).select_related("playbook").get(pk=version.pk)
    if row.state != State.DRAFT:
        raise NotADraft(f"{row} is {row.get_state_display()}; only a draft is published.")
    return _publish(row, list(row.steps.all()))


def _publish(version: PlaybookVersion, steps: list[PlaybookStep]) -> PlaybookVersion:
    """Last of all, because the steps stay from now on."""
    version.playbook.versions.filter(state=State.PUBLISHED).update(state=State.OBSOLETE)
    version.state, version.body_hash = State.PUBLISHED, _digest(steps)
    version.save(update_fields=["state", "body_hash"])
    strategies.offer_delivery(kind="playbook", code=version.playbook.code, version=version.number)
    return version


def _digest(steps: list[PlaybookStep]) -> str:
    """SHA-256 of what the steps say, in their order."""
    said = [[str(getattr(step, name)) for name in CONTENT] for step in steps]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
