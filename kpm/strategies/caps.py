"""Contact rules as the funnel and the delivery count them: one reading for both (STRATEGY 5, DESK 6)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from clients.market.calendar import Calendar, calendar
from clients.register import selectors as register
from clients.shared import clock
from kpm.strategies import selectors
from kpm.strategies.contact import CONTACT_KIND, HUMAN, NEVER_STOPPED, PUSH, Action
from kpm.strategies.models import ContactRule

CHANNELS = {
    ContactRule.Kind.PUSH: ["inbox", "app", "sms", "wechat"],
    ContactRule.Kind.CALL: ["phone"],
    ContactRule.Kind.HUMAN: ["phone", "visit", "chat"],
}


@dataclass(frozen=True)
class Cap:
    """At most `most` touches on `channels` for any of the purposes `counts` since a moment."""

    purpose: str
    kind: str
    most: int
    since: datetime
    counts: list[str]
    channels: list[str]


def in_force(now: datetime, cal: Calendar) -> list[Cap]:
    """Return the rules of today, the newest row of each (purpose, kind, window), with the moment they count from.

    Windows end today, not on the data day: what is limited is how often somebody is contacted now.
    """
    return [_cap(rule, clock.shanghai_day(now), cal) for rule in _newest(clock.shanghai_day(now))]


def over_cap(*, client_id: int, purpose: str, action: str, now: datetime, own: int = 0) -> bool:
    """Whether one more contact of this kind would pass a cap; the caller holds the client's lock.

    `own` is the hit that is about to contact him: it is not counted as one that is still to come.
    """
    kind = CONTACT_KIND[Action(action)]
    caps = [cap for cap in in_force(now, calendar()) if (cap.purpose, cap.kind) == (purpose, kind)]
    return any(_touches(client_id, cap, own) >= cap.most for cap in caps)


def _touches(client_id: int, cap: Cap, own: int) -> int:
    """Contacts that were, and tasks handed out and not answered yet: contacts that are still to come."""
    had = register.touches(client_id, purposes=cap.counts, channels=cap.channels, since=cap.since)
    if cap.kind == PUSH:
        return had
    return had + selectors.contacts_to_come(client_id, purposes=cap.counts, since=cap.since, but=own)


def _newest(day: date) -> Iterator[ContactRule]:
    seen = set()
    for rule in register.rules_in_force(ContactRule, day):
        key = (rule.purpose, rule.kind, rule.window, rule.unit)
        if key not in seen:
            seen.add(key)
            yield rule


def _cap(rule: ContactRule, day: date, cal: Calendar) -> Cap:
    if rule.unit == ContactRule.Unit.TRADING_DAYS:
        since = cal.window(day, rule.window)[0]
    else:
        since = day - timedelta(days=rule.window - 1)
    return Cap(
        purpose=rule.purpose,
        kind=PUSH if rule.kind == ContactRule.Kind.PUSH else HUMAN,
        most=rule.most,
        since=clock.at_shanghai(since, time()),
        # Risk and regulatory contacts are not stopped by a cap, and they count towards those of the others.
        counts=[rule.purpose, *NEVER_STOPPED],
        channels=CHANNELS[ContactRule.Kind(rule.kind)],
    )
