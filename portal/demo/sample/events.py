"""What clients did on screen in the last three weeks, one object a line in the shape of the Segment API."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from portal.demo.sample.dice import dice
from portal.demo.sample.listing import LISTINGS
from portal.demo.sample.people import Person
from portal.demo.sample.products import PRODUCTS

DAYS = 21
CITY = {"HF01": "合肥", "NJ01": "南京"}
ACTIONS = (*["stock_viewed"] * 5, *["holdings_viewed"] * 3, "product_viewed", "commission_page_viewed", "search")
DEVICES = (("app", "ios"), ("app", "android"), ("app", "android"), ("web", "desktop"))
LATEST = time(14, 30)  # of a day: on the last day nothing lies after the close
VISITORS = 6


def rows(persons: Sequence[Person], data_date: date, seed: int) -> list[dict[str, object]]:
    """Return the events in the order of time; dates are calendar days up to `data_date`."""
    events = [
        event
        for person in persons
        if person.status == "active"
        for event in _of_client(person, data_date, dice(seed, "events", person.number))
    ]
    events += _visitors(data_date, dice(seed, "visitors"))
    return sorted(events, key=lambda event: (event["timestamp"], event["messageId"]))


def _of_client(person: Person, data_date: date, rng: Random) -> Iterator[dict[str, object]]:
    habit = rng.randint(10, 45)  # visits on so many days in a hundred
    channel, device = rng.choice(DEVICES)
    context: dict[str, object] = {
        "channel": channel,
        "device": {"type": device},
        "location": {"city": CITY[person.who.branch]},
    }
    for back in range(DAYS):
        if rng.randrange(100) < habit:
            yield from _visit(person, data_date - timedelta(days=back), context, rng)


def _visit(person: Person, day: date, context: dict[str, object], rng: Random) -> Iterator[dict[str, object]]:
    at = _some_time(day, rng)
    user = {"userId": person.client_no}
    yield _event(rng, at, "track", "login", user, context, {"method": "password"})
    for _ in range(rng.randint(1, 4)):
        at += timedelta(seconds=rng.randint(5, 200))
        name = rng.choice(ACTIONS)
        yield _event(rng, at, "track", name, user, context, _properties(name, rng))


def _properties(name: str, rng: Random) -> dict[str, object]:
    facts: dict[str, object] = {"dwell_ms": rng.randint(800, 45_000)}
    if name in ("stock_viewed", "search"):
        facts["symbol"] = rng.choice(LISTINGS).symbol
    if name == "product_viewed":
        facts["product_code"] = rng.choice(PRODUCTS)[0]
    return facts


def _visitors(data_date: date, rng: Random) -> Iterator[dict[str, object]]:
    for _ in range(VISITORS):
        user = {"anonymousId": str(UUID(int=rng.getrandbits(128), version=4))}
        at = _some_time(data_date - timedelta(days=rng.randrange(DAYS)), rng)
        yield _event(rng, at, "page", "", user, {"channel": "web"}, {"path": "/"})


def _some_time(day: date, rng: Random) -> datetime:
    start = datetime.combine(day, time(8, 0))
    return start + timedelta(seconds=rng.randint(0, (LATEST.hour - 8) * 3600 + LATEST.minute * 60))


def _event(
    rng: Random, at: datetime, kind: str, name: str, user: dict[str, str], context: dict[str, object],
    properties: dict[str, object],
) -> dict[str, object]:  # fmt: skip
    named = {"event": name} if name else {}
    return {
        "messageId": str(UUID(int=rng.getrandbits(128), version=4)), "type": kind, **named, **user,
        "timestamp": f"{at.isoformat()}+08:00", "context": context, "properties": properties,
    }  # fmt: skip
