"""What the client's own pages show, ready to show."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from django.conf import settings

from advisory.inbox import selectors as inbox
from advisory.taskqueue import selectors as taskqueue
from clients.ledger import selectors as ledger
from clients.ledger.selectors import DayTotal, Holding
from clients.org import access
from clients.org.models import Staff, User
from clients.register import selectors as register
from clients.register.models import Client, Touch
from clients.shared import clock
from portal.home.models import DataCopy

MOST_COUNTED, CONTACTS_SHOWN, MATTERS_SHOWN, COPIES_SHOWN = 99, 5, 3, 3


@dataclass(frozen=True)
class Overview:
    """What a client has: the days that are known, oldest first, and what he held on the last of them."""

    days: list[DayTotal]
    holdings: list[Holding]

    @property
    def now(self) -> DayTotal | None:
        """The last known day; None before the first settlement."""
        return self.days[-1] if self.days else None

    @property
    def change(self) -> Decimal | None:
        """What the last day earned or lost: the difference to the day before, less what was brought in or taken out."""
        if len(self.days) < 2:
            return None
        before, now = self.days[-2:]
        return now.total - before.total - now.moved

    @property
    def change_ratio(self) -> Decimal | None:
        """The change over what was there to earn it: the day before and what was brought in."""
        if self.change is None:
            return None
        base = self.days[-2].total + max(self.days[-1].moved, Decimal(0))
        return self.change / base if base > 0 else None

    @property
    def line(self) -> list[tuple[date, Decimal]]:
        """Day and total, for the line."""
        return [(day.day, day.total) for day in self.days]

    @property
    def gain(self) -> Decimal | None:
        """Gain on cost of all holdings in CNY whose cost is known; None when there is none."""
        gains = [row.gain for row in self.holdings if row.gain is not None and row.security.currency == "CNY"]
        return sum(gains, Decimal(0)) if gains else None


def overview(client: Client) -> Overview:
    """Return what a client has on the last settled day of the house, with up to 30 days before it."""
    last = ledger.last_day()
    if last is None:
        return Overview([], [])
    return Overview(ledger.totals(client.pk, last), ledger.holdings(client.pk, last))


def parts(found: Overview, cash_label: str) -> list[tuple[str, Decimal]]:
    """Return what the total is made of: the kinds of securities (CNY) and cash, with their values."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in found.holdings:
        if row.security.currency == "CNY":
            sums[str(row.security.get_type_display())] += row.value
    if found.now:
        sums[cash_label] += found.now.cash
    return list(sums.items())


def unread(user: User, now: datetime) -> int:
    """Return how many messages wait unread, counted to 99 at most."""
    return inbox.messages_of(user, now).filter(read_at__isnull=True)[:MOST_COUNTED].count()


@dataclass(frozen=True)
class Matter:
    """Something that a person has begun for the client: who, since when, and of which purpose."""

    who: Staff | None
    since: datetime
    purpose: str


@dataclass(frozen=True)
class Today:
    """What the house did for a client today: contacts, newest first, how many messages came, what is in hand."""

    contacts: list[Touch]
    messages: int
    matters: list[Matter]

    def __bool__(self) -> bool:
        return bool(self.contacts or self.messages or self.matters)


def today(client: Client, user: User, now: datetime) -> Today:
    """Return what was done for a client since midnight in Shanghai and what somebody has in hand for him."""
    since = clock.at_shanghai(clock.shanghai_day(now), time())
    touches = list(register.touches_since(client.pk, since))
    spoken = [touch for touch in touches if touch.channel != Touch.Channel.INBOX]
    matters = [
        Matter(task.worker or task.assignee or task.last_worker, task.created_at, task.purpose)
        for task in taskqueue.in_hand(user, now)[:MATTERS_SHOWN]
    ]
    return Today(spoken[:CONTACTS_SHOWN], len(touches) - len(spoken), matters)


class NoCopy(LookupError):
    """There is no such copy of a client's data to fetch: none of his, not made yet, or its time is over."""


def copies_of(user: User, client: Client, now: datetime) -> list[DataCopy]:
    """Return the newest copies of his own data that a client asked for."""
    rows = DataCopy.objects.filter(access.scope(user, DataCopy, now=now), client=client)
    return list(rows.order_by("-asked_at", "-pk")[:COPIES_SHOWN])


def copy_for(user: User, uid: UUID, now: datetime) -> DataCopy:
    """Return one copy of his own data; raises NoCopy otherwise, whatever the reason."""
    found = DataCopy.objects.filter(access.scope(user, DataCopy, now=now), client__user=user, uid=uid).first()
    if found is None:
        raise NoCopy(uid)
    return found


def copy_file(copy: DataCopy) -> Path:
    """Return where the file of a copy lies while it can be fetched."""
    return Path(settings.COPY_DIR) / f"{copy.uid}.zip"
