"""What is told of securities: dividends and suspensions as events, a few invented articles a day."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from portal.demo.life.world import World
from portal.demo.sample.dice import dice
from portal.demo.sample.listing import Listing
from portal.demo.sample.news import ARTICLES, LICENCE, SOURCE

# What may be announced of a company, the days from the announcement to it, and one company in so many a trading day.
KINDS = (("earnings_warning", 0, 900), ("unlock", 10, 1200), ("probe", 0, 4000), ("reduction", 15, 1500))
ARTICLES_A_DAY = 2
AHEAD = 5  # trading days from the announcement of a dividend to its ex-date


def happenings(world: World, day: date, before: date | None) -> Iterator[dict[str, object]]:
    """Yield the lines of the security_events file that are announced on a day."""
    stocks = [listing for listing in world.prices.listings if listing.stock]
    for kind, ahead, one_in in KINDS:
        rng = dice(world.plan.seed, "happening", kind, day)
        for listing in stocks:
            if rng.randrange(one_in) == 0:
                yield _event(listing, kind, day, day + timedelta(days=ahead), rng)
    yield from _dividends(world, day, before)


def _dividends(world: World, day: date, before: date | None) -> Iterator[dict[str, object]]:
    """Those whose ex-date lies five trading days after a day since the one before in the files."""
    days, index = world.days, world.prices.index
    for ex in range((index[before] + 1 if before else index[day]) + AHEAD, min(index[day] + AHEAD + 1, len(days))):
        for listing in (one for one in world.prices.listings if world.prices.pays(one, ex)):
            yield _row(listing, "dividend", day, days[ex]) | {
                "record_date": days[ex - 1], "pay_date": days[ex], "value": listing.dividend,
            }  # fmt: skip


def _event(listing: Listing, kind: str, day: date, ex: date, rng: Random) -> dict[str, object]:
    last = ex + timedelta(days=90) if kind == "reduction" else None
    value = f"{rng.randint(1, 12) / 100:.4f}" if kind in ("unlock", "reduction") else None
    return _row(listing, kind, day, ex) | {"last_day": last, "value": value}


def _row(listing: Listing, kind: str, day: date, ex: date) -> dict[str, object]:
    return {
        "exchange": listing.exchange, "code": listing.code, "event_no": f"{kind}-{day:%Y%m%d}-{listing.code}",
        "kind": kind, "announced_on": day, "ex_date": ex, "record_date": None, "pay_date": None, "last_day": None,
        "value": None, "price": None, "note": "",
    }  # fmt: skip


def articles(world: World, day: date) -> Iterator[dict[str, object]]:
    """Yield the lines of the news file of a day."""
    rng = dice(world.plan.seed, "news", day)
    stocks = [listing for listing in world.prices.listings if listing.stock]
    for number in range(1, ARTICLES_A_DAY + 1):
        kind, title, body, rating = rng.choice(ARTICLES)
        first, second = rng.sample(stocks, 2) if len(stocks) > 1 else stocks * 2
        at = datetime.combine(day, time(7, 30)) + timedelta(minutes=rng.randint(0, 600))
        told = title + body
        named = [s.symbol for s, mark in ((first, "{0}"), (second, "{1}")) if mark in told]
        row = {
            "source": SOURCE, "source_id": f"{day:%Y%m%d}-{number}", "published_at": f"{at.isoformat()}+08:00",
            "kind": kind, "title": title.format(first.name, second.name), "body": body.format(first.name, second.name),
            "lang": "zh", "symbols": ";".join(named), "rating": rating, "licence": LICENCE,
        }  # fmt: skip
        yield {name: value for name, value in row.items() if value not in (None, "")}
