"""Makes the message templates and playbooks that the strategy library describes, from the same files."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from advisory.inbox import texts as inbox
from advisory.inbox.models import MessageTemplate
from advisory.taskqueue import services as taskqueue
from advisory.taskqueue.models import PlaybookVersion
from kpm.strategies import selectors as strategies


@transaction.atomic
def publish_texts(*, entries: Sequence[Mapping[str, Any]], now: datetime) -> tuple[int, int]:
    """This will publish the template and the playbook of every library entry that has one; their numbers.

    Each text of the library is published once: what people of the house put in its place stays.
    """
    templates = [entry for entry in entries if entry.get("message")]
    playbooks = [entry for entry in entries if entry.get("steps")]
    for entry in templates:
        text = entry["message"]
        inbox.load_template(code=entry["code"], title=text["title"], body=text["body"], now=now, again=False)
    for entry in playbooks:
        taskqueue.load_playbook(
            code=entry["code"], name_zh=entry["name"], name_en=entry["name_en"], steps=_steps(entry["steps"]), now=now,
            again=False,
        )  # fmt: skip
    return len(templates), len(playbooks)


def _steps(texts: list[str]) -> list[dict[str, Any]]:
    """The first step (who am I speaking to) has to be answered; the others guide."""
    return [{"kind": "script", "text": text, "required": number == 0} for number, text in enumerate(texts)]


def missing_texts() -> list[str]:
    """Return a line for each live strategy whose published template or playbook is not there; it delivers nothing."""
    templates = set(MessageTemplate.objects.filter(active=True).values_list("code", flat=True))
    published = PlaybookVersion.objects.filter(state=PlaybookVersion.State.PUBLISHED)
    playbooks = set(published.values_list("playbook__code", flat=True))
    return [
        f"{version.strategy.code} names the {what} {code!r}, of which nothing is published."
        for version in strategies.live()
        for what, code, there in (
            ("template", version.template_code, templates), ("playbook", version.playbook_code, playbooks)
        )
        if code and code not in there
    ]  # fmt: skip
