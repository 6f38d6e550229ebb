"""What clients do on screen on one day, as lines of the events file (names of the tracking plan)."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from portal.demo.life.figures import figures
from portal.demo.life.world import Household, World
from portal.demo.sample.dice import dice
from portal.demo.sample.events import CITY
from portal.demo.sample.products import PRODUCTS, TA_CODE

SEEN = (
    *["stock_viewed"] * 8, *["holdings_viewed"] * 6, *["product_viewed"] * 2, "search", "commission_page_viewed",
    "margin_page_viewed", "watchlist_added", "lesson_completed", "annual_statement_viewed",
)  # fmt: skip
DEVICES = (("app", "ios"), ("app", "android"), ("app", "android"), ("web", "desktop"))
LOCKED_IN, OPENS = 400, time(8, 0)


def rows(world: World, day: date) -> list[dict[str, object]]:
    """Return the events of a day in the order of time; who traded was on screen."""
    events = [event for one in world.present(day) for event in _of(world, one, day)]
    return sorted(events, key=lambda event: (str(event["timestamp"]), str(event["messageId"])))


def _of(world: World, one: Household, day: date) -> Iterator[dict[str, object]]:
    rng = dice(world.plan.seed, "visit", day, one.resident.number)
    pull, chance = one.wallet.extra.pull, one.resident.manner.visit
    if pull.until >= world.prices.index[day]:
        chance += int(figures()["reaction"]["visit"]) * pull.strength // 100
    if one.wallet.trades or rng.randrange(1000) < chance:
        yield from _visit(world, one, day, rng)


def _visit(world: World, one: Household, day: date, rng: Random) -> Iterator[dict[str, object]]:
    at = datetime.combine(day, OPENS) + timedelta(seconds=rng.randint(0, 36_000))
    about = _who(one, rng)
    if rng.randrange(LOCKED_IN) == 0:
        yield _event(rng, at - timedelta(minutes=20), "sign_in_locked", about, {})
    yield _event(rng, at, "signed_in", about, {"method": "password"})
    for _ in range(rng.randint(1, 3)):
        at += timedelta(seconds=rng.randint(5, 200))
        name = rng.choice(SEEN)
        yield _event(rng, at, name, about, _properties(world, one, name, rng))


def _who(one: Household, rng: Random) -> dict[str, Any]:
    number = one.resident.number
    channel, device = DEVICES[number % len(DEVICES)]
    context = {
        "channel": channel, "device": {"type": device, "id": f"d{number:016x}"},
        "location": {"city": CITY[one.resident.who.branch]},
    }  # fmt: skip
    return {"userId": one.resident.client_no, "context": context}


def _properties(world: World, one: Household, name: str, rng: Random) -> dict[str, object]:
    facts: dict[str, object] = {"dwell_ms": rng.randint(800, 45_000)}
    if name in ("stock_viewed", "search", "watchlist_added"):
        held = [s for s in one.wallet.holdings if rng.randrange(2)]
        facts["symbol"] = rng.choice(held or world.prices.listings).symbol
    elif name == "product_viewed":
        facts |= {"ta_code": TA_CODE, "product_code": rng.choice(PRODUCTS)[0]}
    elif name == "lesson_completed":
        facts["lesson"] = str(rng.randint(1, 10))
    elif name == "annual_statement_viewed":
        facts["year"] = str(world.days[0].year)
    return facts


def _event(rng: Random, at: datetime, name: str, about: dict[str, Any], facts: dict[str, object]) -> dict[str, object]:
    return {
        "messageId": str(UUID(int=rng.getrandbits(128), version=4)), "type": "track", "event": name, **about,
        "timestamp": f"{at.isoformat()}+08:00", "properties": facts, "history": True,
    }  # fmt: skip
