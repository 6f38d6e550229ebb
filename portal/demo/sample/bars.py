"""Daily bars: a walk in whole ticks round a base price, always inside the day's limits.

No dividend of the sample changes a previous close: each is less than half a tick, so the ex-dividend reference
price, rounded half up to the tick, is yesterday's close, and the chain of previous closes has no gap.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from random import Random

from clients.shared.money import round_cny
from portal.demo.sample.dice import dice
from portal.demo.sample.listing import LISTINGS, Listing
from portal.demo.sample.story import GAINER, SUSPENDED

PULL_DAYS = 80  # the walk is drawn back to its base by 1/80 of the distance a day
CALM_BP = 450  # on T nothing but the story's gainer moves more, so that it alone is a large move
GAIN_PCT = 108
SUSPENDED_FROM, SUSPENDED_UNTIL = 30, 23  # trading days before the end
CLOSING = time(15, 0)


@dataclass(frozen=True)
class Bar:
    """One security on one day; all prices are whole ticks, volume is in shares."""

    listing: Listing
    day: date
    prev: int
    open: int
    high: int
    low: int
    close: int
    volume: int

    @property
    def trading(self) -> bool:
        """False on a day of suspension."""
        return self.volume > 0


def limits(prev: int, pct: int) -> tuple[int, int]:
    """Return limit down and limit up for a previous close, all in ticks, rounded half up as the exchanges do."""
    return (prev * (100 - pct) + 50) // 100, (prev * (100 + pct) + 50) // 100


class Market:
    """All bars of the sample, asked for by listing and index of the trading day."""

    def __init__(self, days: Sequence[date], seed: int) -> None:
        self.days = list(days)
        self.last = len(self.days) - 1
        self._bars = {listing.key: _walk(listing, self.days, seed) for listing in LISTINGS}

    def bar(self, listing: Listing, i: int) -> Bar:
        """Return the bar of a listing on trading day `i`."""
        return self._bars[listing.key][i]

    def close(self, listing: Listing, i: int) -> Decimal:
        """Return the closing price in CNY."""
        return listing.price(self.bar(listing, i).close)

    def rows(self) -> Iterator[dict[str, object]]:
        """Yield the lines of the bars file, day by day."""
        for i in range(len(self.days)):
            for listing in LISTINGS:
                yield line(self.bar(listing, i))

    def quotes(self) -> Iterator[dict[str, object]]:
        """Yield the lines of the quotes file: the close of T."""
        at = datetime.combine(self.days[-1], CLOSING)
        for listing in LISTINGS:
            bar = self.bar(listing, self.last)
            yield {
                "exchange": listing.exchange, "code": listing.code, "at": at,
                "last": listing.price(bar.close), "prev_close": listing.price(bar.prev), "volume": bar.volume,
                "source": "demo", "delay_s": 0,
            }  # fmt: skip


def _walk(listing: Listing, days: Sequence[date], seed: int) -> list[Bar]:
    rng = dice(seed, "bars", listing.symbol)
    bars: list[Bar] = []
    close = listing.ticks()
    for i, day in enumerate(days):
        left = len(days) - i
        bar = _still(listing, day, close) if _suspended(listing, left) else _day(listing, day, close, left == 1, rng)
        bars.append(bar)
        close = bar.close
    return bars


def _suspended(listing: Listing, left: int) -> bool:
    return listing.key == SUSPENDED and SUSPENDED_UNTIL < left <= SUSPENDED_FROM


def _still(listing: Listing, day: date, prev: int) -> Bar:
    return Bar(listing, day, prev, prev, prev, prev, prev, 0)


def _day(listing: Listing, day: date, prev: int, last: bool, rng: Random) -> Bar:
    down, up = limits(prev, listing.limit_pct)
    move = _move(listing, prev, last, rng)
    close = _bounded(listing, moved(prev, move), down, up)
    if last and listing.key == GAINER:
        close = (prev * GAIN_PCT + 50) // 100
    start = min(up, max(down, moved(prev, rng.randint(-listing.swing, listing.swing) // 2)))
    high = min(up, max(start, close) + moved(prev, rng.randint(1, listing.swing)) - prev)
    low = max(down, min(start, close) - moved(prev, rng.randint(1, listing.swing)) + prev)
    return Bar(listing, day, prev, start, high, low, close, rng.randint(4_000, 30_000) * 100)


def _move(listing: Listing, prev: int, last: bool, rng: Random) -> int:
    base = listing.ticks()
    pull = (base - prev) * 10_000 // base // PULL_DAYS
    move = pull + sum(rng.randint(-listing.swing, listing.swing) for _ in range(4))
    return min(CALM_BP, max(-CALM_BP, move)) if last else move


def moved(ticks: int, bp: int) -> int:
    """Return `ticks` moved by `bp` 1/10,000, rounded half up."""
    return ticks + (2 * ticks * bp + 10_000) // 20_000


def _bounded(listing: Listing, ticks: int, down: int, up: int) -> int:
    # Between 0.6 and 1.6 of the base for ever: the portfolios of the story keep their shape with every seed.
    base = listing.ticks()
    return min(up, base * 16 // 10, max(down, base * 6 // 10, ticks))


def line(bar: Bar) -> dict[str, object]:
    """Return the line of the bars file."""
    price = bar.listing.price
    down, up = limits(bar.prev, bar.listing.limit_pct)
    traded = bar.trading
    average = price(bar.open + bar.high + bar.low + bar.close) / 4
    return {
        "exchange": bar.listing.exchange, "code": bar.listing.code, "day": bar.day,
        "open": price(bar.open) if traded else None, "high": price(bar.high) if traded else None,
        "low": price(bar.low) if traded else None, "close": price(bar.close), "prev_close": price(bar.prev),
        "volume": bar.volume, "amount": round_cny(bar.volume * average), "limit_up": price(up),
        "limit_down": price(down), "status": "trading" if traded else "suspended", "adj_factor": "1.000000",
    }  # fmt: skip
