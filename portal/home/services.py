"""Actions of a client on his own data that no other app has: a copy of it, asked for, made, fetched, and let go."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from advisory.inbox import services as inbox
from clients.register.models import Client
from clients.shared import queue
from portal.home import selectors
from portal.home.copies import writing
from portal.home.models import DataCopy
from portal.home.selectors import copy_file

DAY = timedelta(days=1)
PURPOSE = "service"


class TooMany(Exception):
    """He has asked for as many copies within a day as are made."""


@transaction.atomic
def ask_for_copy(*, client: Client, ip: str | None, now: datetime) -> DataCopy:
    """This will put the making of a copy of a client's data in line; while one is being made it is the same one.

    Raises TooMany.
    """
    Client.objects.select_for_update().get(pk=client.pk)  # pressed twice is asked once
    copy = DataCopy.objects.filter(client=client, ready_at=None).first()
    if copy is None:
        if DataCopy.objects.filter(client=client, asked_at__gt=now - DAY).count() >= settings.COPIES_PER_DAY:
            raise TooMany(client.pk)
        copy = DataCopy.objects.create(client=client, asked_at=now, ip=ip)
    queue.enqueue("home.copy", copy.pk, now=now)
    return copy


def make_copy(*, copy_id: int, now: datetime) -> DataCopy:
    """This will write the file of a copy and tell its client where it lies; made already it stays as it is."""
    copy = DataCopy.objects.select_related("client__user", "client__branch").get(pk=copy_id)
    if copy.ready_at is not None:
        return copy
    user = copy.client.user
    with translation.override((user.language if user else "") or settings.LANGUAGE_CODE):
        rows = writing.write(copy_file(copy), copy.client, now)
        return _ready(copy, rows=rows, now=now)


@transaction.atomic
def _ready(copy: DataCopy, *, rows: int, now: datetime) -> DataCopy:
    copy.ready_at, copy.expires_at = now, now + timedelta(hours=settings.COPY_HOURS)
    copy.rows, copy.size = rows, copy_file(copy).stat().st_size
    copy.save()
    until = {"at": f"{timezone.localtime(copy.expires_at):%Y-%m-%d %H:%M}"}
    body = (
        _("You find it under Me, What you know about me, Facts and download. It can be fetched until %(at)s.") % until
    )
    inbox.deliver(
        client=copy.client, title=_("The copy of your data is ready"), body=body, purpose=PURPOSE, now=now,
        valid_until=copy.expires_at,
    )  # fmt: skip
    return copy


@transaction.atomic
def fetch_copy(*, copy: DataCopy, now: datetime) -> Path:
    """This will note the first fetching of a copy and return its file; raises selectors.NoCopy when it has none."""
    if copy.expires_at is None or copy.expires_at <= now or not copy_file(copy).exists():
        raise selectors.NoCopy(copy.pk)
    DataCopy.objects.filter(pk=copy.pk, fetched_at=None).update(fetched_at=now)
    return copy_file(copy)


def drop_copies(*, now: datetime) -> int:
    """This will delete the files of copies that can no longer be fetched; the rows stay. The number of files."""
    alive = DataCopy.objects.filter(Q(expires_at__gt=now) | Q(ready_at=None)).values_list("uid", flat=True)
    kept = {str(uid) for uid in alive}
    gone = [file for file in Path(settings.COPY_DIR).glob("*.zip") if file.stem not in kept]
    for file in gone:
        file.unlink(missing_ok=True)
    return len(gone)
