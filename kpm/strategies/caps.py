"""Contact rules as the funnel and the delivery count them (STRATEGY 5, DESK 6)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from clients.market.calendar import Calendar
from clients.register import selectors as register
from clients.shared import clock
from kpm.strategies.contact import HUMAN, NEVER_STOPPED, PUSH
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
