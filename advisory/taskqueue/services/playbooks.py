"""Publishing the texts of a process: from the library whole, by people through a draft that a colleague publishes."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from advisory.taskqueue.models import Playbook, PlaybookEvent, PlaybookStep, PlaybookVersion
from clients.org.models import User
from kpm.strategies import services as strategies

State, Kind = PlaybookVersion.State, PlaybookEvent.Kind
CONTENT = ("kind", "text", "avoid_text", "answer_type", "choices", "required")


class CannotPublish(Exception):
    """The step is not possible; its text says why and what would be right, for the person who asked."""


@transaction.atomic
def load_playbook(
    *, code: str, name_zh: str, name_en: str, steps: list[dict[str, Any]], now: datetime, again: bool = True
) -> PlaybookVersion:
    """This will make the steps of the strategy library the published text; the same text again changes nothing.

    It bears nobody's name. The text before becomes obsolete; open tasks keep the version they began with. With `again`
    false a text that was published before is not brought back: somebody of the house has replaced it since.
    """
    playbook, _created = Playbook.objects.update_or_create(code=code, defaults={"name_zh": name_zh, "name_en": name_en})
    version = PlaybookVersion(playbook=playbook, number=_next(playbook))
    rows = [PlaybookStep(version=version, order=order, **step) for order, step in enumerate(steps, 1)]
    known = playbook.versions.filter(body_hash=_digest(rows)).exclude(state=State.DRAFT)
    current = playbook.versions.filter(state=State.PUBLISHED).first()
    if current and (current in known or (known and not again)):
        return current
    version.save()
    PlaybookStep.objects.bulk_create(rows)
    return _publish(version, rows, by=None, now=now)


@transaction.atomic
def draft_playbook(*, playbook: Playbook, by: User, now: datetime) -> PlaybookVersion:
    """This will open a draft with the steps of the newest version; one that is open already is given back."""
    newest = playbook.versions.order_by("-number").first()
    if newest and newest.state == State.DRAFT:
        return newest
    draft = PlaybookVersion.objects.create(playbook=playbook, number=_next(playbook))
    before = newest.steps.all() if newest else []
    PlaybookStep.objects.bulk_create(
        PlaybookStep(version=draft, order=step.order, **model_to_dict(step, CONTENT)) for step in before
    )
    PlaybookEvent.objects.create(version=draft, kind=Kind.DRAFTED, by=by, at=now)
    return draft


@transaction.atomic
def edit_draft(*, version: PlaybookVersion, by: User, now: datetime) -> None:
    """This will note that somebody changes the steps of a draft, which is locked till the end of the transaction."""
    PlaybookEvent.objects.create(version=_open_draft(version), kind=Kind.EDITED, by=by, at=now)


@transaction.atomic
def publish_draft(*, version: PlaybookVersion, by: User, now: datetime) -> PlaybookVersion:
    """This will publish a draft in place of the text before, at the word of somebody who wrote none of it."""
    row = _open_draft(version)
    steps = list(row.steps.all())
    if not steps:
        raise CannotPublish(_("This draft has no step; write at least one."))
    if row.events.filter(by=by).exists():
        raise CannotPublish(_("Who wrote a text does not publish it; ask a colleague who did not."))
    return _publish(row, steps, by=by, now=now)


def _open_draft(version: PlaybookVersion) -> PlaybookVersion:
    """The row itself, locked."""
    row = PlaybookVersion.objects.select_for_update(of=("self",)).select_related("playbook").get(pk=version.pk)
    if row.state != State.DRAFT:
        raise CannotPublish(_("This text is published already; write the next version."))
    return row


def _publish(version: PlaybookVersion, steps: list[PlaybookStep], *, by: User | None, now: datetime) -> PlaybookVersion:
    """Last of all, because the steps stay from now on."""
    version.playbook.versions.filter(state=State.PUBLISHED).update(state=State.OBSOLETE)
    version.state, version.body_hash = State.PUBLISHED, _digest(steps)
    version.save(update_fields=["state", "body_hash"])
    PlaybookEvent.objects.create(version=version, kind=Kind.PUBLISHED, by=by, at=now)
    strategies.offer_delivery(kind="playbook", code=version.playbook.code, version=version.number)
    return version


def _next(playbook: Playbook) -> int:
    last = playbook.versions.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _digest(steps: list[PlaybookStep]) -> str:
    """SHA-256 of what the steps say, in their order."""
    said = [[str(getattr(step, name)) for name in CONTENT] for step in steps]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
