"""Everything that happened with a client, by day, newest first.

A page looks at thirty days and shows the newest twenty of them on which something happened. Executions of a day in one
security are one line, and so are cash movements of a kind; what trades moved is said by the trades.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from advisory.inbox import selectors as inbox
from advisory.taskqueue import selectors as taskqueue
from advisory.workbench.client.selectors.knowledge import SPAN
from clients.behaviour.selectors import ScreenDay
from clients.ledger.models import CashFlow, Trade
from clients.org import access
from clients.org.models import User
from clients.register.models import Client, Touch
from clients.shared import clock
from clients.shared.masking import Level

DAYS = 20
# What may be asked for alone, in the order of the page.
KINDS: dict[str, Promise] = {
    "trade": pgettext_lazy("timeline", "Trades"),
    "cash": pgettext_lazy("timeline", "Cash and transfers"),
    "touch": pgettext_lazy("timeline", "Contacts"),
    "task": pgettext_lazy("timeline", "Tasks"),
    "message": pgettext_lazy("timeline", "Messages"),
    "screen": pgettext_lazy("timeline", "On screen"),
}
OF_TRADES = [CashFlow.Kind.BUY, CashFlow.Kind.SELL]


@dataclass(frozen=True)
class Entry:
    """One line: what kind of thing (trade, cash, touch, task, closed, message, screen) and the row that tells it.

    `at` is None for what is told for the whole day.
    """

    kind: str
    at: datetime | None
    row: Any


@dataclass(frozen=True)
class Chosen:
    """What is looked at: up to the day `last`, not before `since`, and only these kinds (all of them when empty)."""

    last: date
    since: date | None = None
    kinds: Collection[str] = ()

    @property
    def first(self) -> date:
        """The first day of the page."""
        first = self.last - SPAN + timedelta(days=1)
        return max(first, self.since) if self.since else first

    def has(self, kind: str) -> bool:
        """Whether things of a kind are asked for."""
        return not self.kinds or kind in self.kinds


@dataclass(frozen=True)
class Timeline:
    """Days with their lines, newest first; `earlier` is where the next page looks back from, None at the end."""

    first: date
    last: date
    days: list[tuple[date, list[Entry]]]
    earlier: date | None


@dataclass(frozen=True)
class _Asked:
    """Whose days, and who asks."""

    user: User
    client: Client
    chosen: Chosen
    now: datetime

    @property
    def first(self) -> date:
        """The first day of the page."""
        return self.chosen.first

    @property
    def last(self) -> date:
        """The last day of the page."""
        return self.chosen.last

    def moments(self) -> tuple[datetime, datetime]:
        """The first moment of the days, and the first one after them."""
        return clock.at_shanghai(self.first, time()), clock.at_shanghai(self.last + timedelta(days=1), time())


def timeline(user: User, client: Client, chosen: Chosen, now: datetime, screen: Iterable[ScreenDay]) -> Timeline:
    """Return what happened of what was chosen; `screen` are his days on screen within its span."""
    asked = _Asked(user, client, chosen, now)
    days: dict[date, list[Entry]] = defaultdict(list)
    for day, entry in _entries(asked, screen):
        days[day].append(entry)
    newest = sorted(days, reverse=True)
    shown = [(day, sorted(days[day], key=_order)) for day in newest[:DAYS]]
    return Timeline(asked.first, asked.last, shown, _earlier(asked, newest))


def _order(entry: Entry) -> tuple[bool, float]:
    """The moments of a day, the newest first, before what is told for the whole day."""
    return entry.at is None, -entry.at.timestamp() if entry.at else 0.0


def _earlier(asked: _Asked, newest: list[date]) -> date | None:
    """The day before the last one shown, or before the span; nothing happened before somebody was a client."""
    before = (newest[DAYS - 1] if len(newest) > DAYS else asked.first) - timedelta(days=1)
    begun = asked.client.opened_on or clock.shanghai_day(asked.client.created_at)
    return before if before >= max(begun, asked.chosen.since or begun) else None


def _entries(asked: _Asked, screen: Iterable[ScreenDay]) -> Iterator[tuple[date, Entry]]:
    for kind, told in {"touch": _touches, "task": _tasks, "message": _messages}.items():
        if asked.chosen.has(kind):
            yield from told(asked)
    if access.field_level(asked.user, "assets", now=asked.now) is Level.FULL:
        yield from _money(asked)
    for row in screen if asked.chosen.has("screen") else ():
        if asked.first <= row.day <= asked.last:
            yield row.day, Entry("screen", None, row)


def _touches(asked: _Asked) -> Iterator[tuple[date, Entry]]:
    """Without those that are messages: these tell themselves."""
    since, until = asked.moments()
    rows = Touch.objects.filter(client=asked.client, started_at__gte=since, started_at__lt=until)
    return _at("touch", rows.exclude(channel=Touch.Channel.INBOX).select_related("staff"), "started_at")


def _tasks(asked: _Asked) -> Iterator[tuple[date, Entry]]:
    since, until = asked.moments()
    made = Q(created_at__gte=since, created_at__lt=until)
    closed = Q(closed_at__gte=since, closed_at__lt=until)
    rows = list(taskqueue.visible(asked.user, asked.now).filter(made | closed, client=asked.client))
    yield from _at("task", [row for row in rows if since <= row.created_at < until], "created_at")
    yield from _at("closed", [row for row in rows if row.closed_at and since <= row.closed_at < until], "closed_at")


def _messages(asked: _Asked) -> Iterator[tuple[date, Entry]]:
    since, until = asked.moments()
    rows = inbox.messages_of(asked.user, asked.now)
    return _at("message", rows.filter(client=asked.client, created_at__gte=since, created_at__lt=until), "created_at")


def _at(kind: str, rows: Iterable[Any], field: str) -> Iterator[tuple[date, Entry]]:
    for row in rows:
        moment = getattr(row, field)
        yield clock.shanghai_day(moment), Entry(kind, moment, row)


def _money(asked: _Asked) -> Iterator[tuple[date, Entry]]:
    if asked.chosen.has("trade"):
        yield from _trades(asked)
    if asked.chosen.has("cash"):
        yield from _flows(asked)


def _trades(asked: _Asked) -> Iterator[tuple[date, Entry]]:
    trades = _within(Trade.objects.all(), asked).values("day", "side", "security__name", "security__code")
    for row in trades.annotate(n=Count("pk"), held=Sum("quantity"), worth=Sum("amount")).order_by("day", "-worth"):
        yield row["day"], Entry("trade", None, {**row, "side": Trade.Side(row["side"]).label})


def _flows(asked: _Asked) -> Iterator[tuple[date, Entry]]:
    flows = _within(CashFlow.objects.exclude(kind__in=OF_TRADES), asked).values("day", "kind", "currency")
    for row in flows.annotate(n=Count("pk"), moved=Sum("amount")).order_by("day", "kind"):
        yield row["day"], Entry("cash", None, {**row, "kind": CashFlow.Kind(row["kind"]).label})


def _within(rows: QuerySet[Any], asked: _Asked) -> QuerySet[Any]:
    return rows.filter(client=asked.client.pk, day__gte=asked.first, day__lte=asked.last, reversal_of="")
