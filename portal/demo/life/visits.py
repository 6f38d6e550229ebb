"""What clients do on screen on one day, as lines of the events file (names of the tracking plan)."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from typing import Any
from uuid import UUID

from portal.demo.life import moving
from portal.demo.life.figures import figures
from portal.demo.life.moves import days_since
from portal.demo.life.temper import BANDS, says, shows
from portal.demo.life.temper import figures as tempers
from portal.demo.life.views import Views
from portal.demo.life.world import Household, World
from portal.demo.sample.dice import dice
from portal.demo.sample.events import CITY

CHANNELS = ("app", "web", "pc", "wechat")
PHONES = ("ios", "android", "android")
SECOND = 1 << 40  # added to the number of a client's first device, it is that of the second
LOCKED_IN = 400
ENDS = time(23, 30)  # of the last band: a visit ends on the day on which it began
SETTLED = time(18, 30)  # the file of the newest day is written then at the earliest: nothing after it is in it
MONDAY = 0
LEAF = timedelta(seconds=2)  # from one page to the next
About = dict[str, Any]


def rows(world: World, day: date) -> list[dict[str, object]]:
    """Return the events of a day in the order of time; who traded was on screen."""
    events = [event for one in world.present(day) for event in _of(world, one, day)]
    return sorted(events, key=lambda event: (str(event["timestamp"]), str(event["messageId"])))


def _of(world: World, one: Household, day: date) -> Iterator[dict[str, object]]:
    if moving.closed(one.resident, one.wallet):
        return
    rng = dice(world.plan.seed, "visit", day, one.resident.number)
    phase = _phase(world, one, day)
    if one.wallet.trades or rng.randrange(1000) < _chance(world, one, day, phase):
        at = _moment(one, day, rng)
        if at < datetime.combine(world.days[-1], SETTLED):
            yield from _visit(one, at, Views(world, one, day, phase, rng), rng)


def _phase(world: World, one: Household, day: date) -> str:
    moves, days = one.resident.moves, world.prices.days
    since = days_since(days, moves.leaving_from or moves.arriving_from, world.prices.index[day])
    return moving.phase(one.resident, one.wallet, since)


def _chance(world: World, one: Household, day: date, phase: str) -> int:
    chance, pull = int(shows()["visits"][one.resident.temper.activity]), one.wallet.extra.pull
    if pull.until >= world.prices.index[day]:
        chance += int(figures()["reaction"]["visit"]) * pull.strength // 100
    return chance + (int(tempers()["leaving_visit"]) if phase else 0)


def _moment(one: Household, day: date, rng: Random) -> datetime:
    """When the visit begins: mostly in the band of his rhythm; some of a Monday's visits were made on Sunday."""
    names = list(BANDS)
    at = names.index(one.resident.temper.rhythm) if says(rng, "band") else rng.randrange(len(names))
    start, end = (datetime.combine(day, moment) for moment in [*BANDS.values(), ENDS][at : at + 2])
    back = day.weekday() == MONDAY and one.resident.opened_on < day and says(rng, "weekend")
    return start + timedelta(seconds=rng.randrange(int((end - start).total_seconds())), days=-int(back))


def _visit(one: Household, at: datetime, views: Views, rng: Random) -> Iterator[dict[str, object]]:
    about = _who(one, rng)
    if rng.randrange(LOCKED_IN) == 0:
        yield _event(rng, at - timedelta(minutes=20), "sign_in_locked", about, {})
    yield _event(rng, at, "signed_in", about, {"method": "password"})
    for name, facts in views.pages():
        at += LEAF
        yield _event(rng, at, name, about, facts)
        at += timedelta(milliseconds=int(str(facts.get("dwell_ms", 0))))


def _who(one: Household, rng: Random) -> About:
    """On his own platform, or now and then on the second device, if he has one."""
    own = one.resident.temper.platform
    second = not says(rng, "platform") and _second(one.resident.number)
    return {"userId": one.resident.client_no, "context": _context(one, own, second=second)}


def _second(number: int) -> bool:
    return dice(0, "second device", number).randrange(100) < int(shows()["second_device"])


def _context(one: Household, own: str, *, second: bool) -> Mapping[str, object]:
    channel = CHANNELS[(CHANNELS.index(own) + 1) % len(CHANNELS)] if second else own
    return _device(one.resident.number, channel, CITY[one.resident.who.branch], second=second)


@lru_cache(maxsize=8192)
def _device(number: int, channel: str, city: str, *, second: bool) -> Mapping[str, object]:
    kind = PHONES[number % len(PHONES)] if channel in ("app", "wechat") else "desktop"
    return {
        "channel": channel, "device": {"type": kind, "id": f"d{number + SECOND * second:016x}"},
        "location": {"city": city},
    }  # fmt: skip


def _event(rng: Random, at: datetime, name: str, about: About, facts: Mapping[str, object]) -> dict[str, object]:
    return {
        "messageId": str(UUID(int=rng.getrandbits(128), version=4)), "type": "track", "event": name, **about,
        "timestamp": f"{at.isoformat(timespec='milliseconds')}+08:00", "properties": facts, "history": True,
    }  # fmt: skip
