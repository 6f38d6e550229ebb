"""The texts that clients read: written by one person, published by compliance; those of the library come published."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from advisory.inbox.models import MessageTemplate
from clients.org.models import Role, User
from clients.org.standing import holds
from kpm.strategies import services as strategies


class CannotPublish(Exception):
    """The text is not published; the sentence says why and what would be right, for the person who asked."""


@transaction.atomic
def write_template(
    *, code: str, title: str, body: str, title_en: str = "", body_en: str = "", by: User, now: datetime
) -> MessageTemplate:
    """This will keep a text as the next version of its code; nobody reads it before compliance has published it."""
    return MessageTemplate.objects.create(
        code=code, version=_next(code), title=title, body=body, title_en=title_en, body_en=body_en, author=by,
        written_at=now,
    )  # fmt: skip


@transaction.atomic
def publish_template(*, template: MessageTemplate, by: User, now: datetime) -> MessageTemplate:
    """This will make a written text the active one; raises CannotPublish when `by` may not, or it is too late."""
    row = MessageTemplate.objects.select_for_update().get(pk=template.pk)
    if row.published_at is not None:
        raise CannotPublish(_("This text is published already; write the next version."))
    if not may_publish(row, by, now):
        raise CannotPublish(_("Somebody of compliance who did not write the text publishes it."))
    if MessageTemplate.objects.filter(code=row.code, version__gt=row.version, published_at__isnull=False).exists():
        raise CannotPublish(_("A later version is published already; write the text anew."))
    row.published_by = by
    return _activate(row, now)


def may_publish(template: MessageTemplate, by: User, now: datetime) -> bool:
    """Whether this person may put his name under a text that clients will read."""
    return template.author_id not in (None, by.pk) and holds(by, Role.COMPLIANCE, now)


@transaction.atomic
def load_template(*, code: str, title: str, body: str, now: datetime, again: bool = True) -> MessageTemplate:
    """This will make a text of the strategy library the active one; the same text again changes nothing.

    It bears nobody's name: the library was reviewed where it was made. With `again` false a text that was active
    before is not brought back: somebody of the house has replaced it since.
    """
    same = MessageTemplate.objects.filter(code=code, title=title, body=body, published_at__isnull=False)
    current = MessageTemplate.objects.filter(code=code, active=True).first()
    if current and (same.filter(pk=current.pk).exists() or (not again and same.exists())):
        return current
    return _activate(MessageTemplate(code=code, version=_next(code), title=title, body=body, written_at=now), now)


def _activate(row: MessageTemplate, now: datetime) -> MessageTemplate:
    MessageTemplate.objects.filter(code=row.code, active=True).update(active=False)
    row.active, row.published_at = True, now
    row.save()
    strategies.offer_delivery(kind="template", code=row.code, version=row.version)
    return row


def _next(code: str) -> int:
    last = MessageTemplate.objects.filter(code=code).aggregate(last=Max("version"))["last"]
    return (last or 0) + 1
