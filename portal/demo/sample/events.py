"""What clients did on screen in the last three weeks, one object a line in the shape of the Segment API.

Names and properties are those of the tracking plan (clients/behaviour/events.py).
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from portal.demo.sample.dice import dice
from portal.demo.sample.listing import LISTINGS
from portal.demo.sample.news import ARTICLES, SOURCE
from portal.demo.sample.people import Person
from portal.demo.sample.products import PRODUCTS, TA_CODE

DAYS = 21
CITY = {"HF01": "合肥", "NJ01": "南京", "WH01": "武汉"}
ACTIONS = (
    *["stock_viewed"] * 8, *["holdings_viewed"] * 5, *["article_viewed"] * 4, *["product_viewed"] * 2, "search",
    "commission_page_viewed", "margin_page_viewed", "watchlist_added", "watchlist_removed", "checkout_started",
    "lesson_completed", "webinar_registered", "annual_statement_viewed", "news_preferences_saved", "search_empty",
    "research_viewed", "service_viewed", "help_viewed", "form_opened",
)  # fmt: skip
FOLLOWED = {  # what may come after it about the same thing; nothing in half of the cases
    "checkout_started": ("order_submitted",),
    "form_opened": ("form_submitted",),
    "webinar_registered": ("webinar_joined", "webinar_cancelled"),
    "news_push_delivered": ("news_push_opened",),
}
SERVICES = ("account_close", "bank_change", "fee_change", "margin_open", "permission_open")
TOPICS = ("fees", "login", "permissions", "transfer")
LESSONS, PUSHED, LOCKED, UNINSTALLED = 10, 30, 4, 3  # lessons of the course; the others of a hundred
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
        "device": {"type": device, "id": f"d{rng.getrandbits(64):016x}"},
        "location": {"city": CITY[person.who.branch]},
    }
    for back in range(DAYS):
        day = data_date - timedelta(days=back)
        if rng.randrange(100) < habit:
            yield from _visit(person, day, context, rng)
        yield from _push(person, day, context, rng)


def _visit(person: Person, day: date, context: dict[str, object], rng: Random) -> Iterator[dict[str, object]]:
    at = _some_time(day, rng)
    user = {"userId": person.client_no}
    if rng.randrange(100) < LOCKED:
        yield _event(rng, at - timedelta(minutes=30), "track", "sign_in_locked", user, context, {})
    yield _event(rng, at, "track", "signed_in", user, context, {"method": "password"})
    for _ in range(rng.randint(1, 4)):
        at += timedelta(seconds=rng.randint(5, 200))
        yield from _act(rng, at, rng.choice(ACTIONS), user, context)


def _push(person: Person, day: date, context: dict[str, object], rng: Random) -> Iterator[dict[str, object]]:
    user = {"userId": person.client_no}
    if context["channel"] == "app" and rng.randrange(100) < PUSHED:
        gone = rng.randrange(100) < UNINSTALLED
        yield from _act(
            rng, _some_time(day, rng), "push_unregistered" if gone else "news_push_delivered", user, context
        )


def _act(
    rng: Random, at: datetime, name: str, user: dict[str, str], context: dict[str, object]
) -> Iterator[dict[str, object]]:
    about = _properties(name, at.date(), rng)
    yield _event(rng, at, "track", name, user, context, about)
    if name in FOLLOWED and rng.randrange(2):
        yield _event(rng, at + timedelta(seconds=20), "track", rng.choice(FOLLOWED[name]), user, context, about)


def _properties(name: str, day: date, rng: Random) -> dict[str, object]:
    """What an event speaks of, and how long a page was looked at."""
    match name:
        case "stock_viewed" | "search" | "search_empty" | "watchlist_added" | "watchlist_removed":
            about: dict[str, object] = {"symbol": rng.choice(LISTINGS).symbol}
        case "product_viewed":
            about = {"ta_code": TA_CODE, "product_code": rng.choice(PRODUCTS)[0]}
        case "article_viewed":
            about = {"article_id": f"{SOURCE}:{rng.randint(1, len(ARTICLES))}"}
        case "research_viewed":
            about = {"research_id": f"R{rng.randint(1, 40)}"}
        case "service_viewed" | "form_opened":
            about = {"service" if name == "service_viewed" else "form": rng.choice(SERVICES)}
        case "help_viewed":
            about = {"topic": rng.choice(TOPICS)}
        case "checkout_started":
            about = {"checkout_id": f"c{rng.getrandbits(48):012x}"}
        case "lesson_completed":
            about = {"lesson": str(rng.randint(1, LESSONS))}
        case "webinar_registered":
            about = {"starts_on": f"{day}", "webinar_id": f"W{rng.randint(1, 9)}"}
        case "annual_statement_viewed":
            about = {"year": day.year - 1}
        case "news_push_delivered":
            about = {"push_id": f"p{rng.getrandbits(48):012x}"}
        case _:
            about = {}
    return about | ({"dwell_ms": rng.randint(800, 45_000)} if name.endswith("_viewed") else {})


def _visitors(data_date: date, rng: Random) -> Iterator[dict[str, object]]:
    for _ in range(VISITORS):
        user = {"anonymousId": str(UUID(int=rng.getrandbits(128), version=4))}
        at = _some_time(data_date - timedelta(days=rng.randrange(DAYS)), rng)
        stay = rng.randint(2, 90)
        left = {"page": "home_home", "visible_ms": stay * 1000}
        yield _event(rng, at, "page", "", user, {"channel": "web"}, {"path": "/"})
        yield _event(rng, at + timedelta(seconds=stay), "track", "page_left", user, {"channel": "web"}, left)


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
