"""Daily bars of the branch that lives: a market that moves as one and every security a little on its own."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from random import Random

from portal.demo.sample.bars import Bar, limits, moved
from portal.demo.sample.bars import line as bar_line
from portal.demo.sample.dice import dice
from portal.demo.sample.listing import Listing

MARKET_SWING, PULL_DAYS = 55, 240  # 1/10,000 a day; the walk is drawn back to its base by 1/240 of the distance
SHOCK_IN, SHOCK = 90, 500  # one day in ninety a security moves by up to this much more
PAYS_EVERY = 120  # trading days between two dividends of a company that pays
FLOOR = 20  # ticks; nothing falls to where the rounding of a tick is a large move


class Prices:
    """All bars from the beginning of the past to the last lived day, asked for by listing and index of the day."""

    def __init__(self, listings: Sequence[Listing], days: Sequence[date], seed: int) -> None:
        """Draw every bar; the same arguments give the same ones."""
        self.listings, self.days = tuple(listings), list(days)
        self.index = {day: i for i, day in enumerate(self.days)}
        rng = dice(seed, "market")
        market = [rng.randint(-MARKET_SWING, MARKET_SWING) + rng.randint(-MARKET_SWING, MARKET_SWING) for _ in days]
        self._bars = {listing.symbol: self._walk(listing, market, dice(seed, "bars", listing.symbol))
                      for listing in self.listings}  # fmt: skip

    def bar(self, listing: Listing, i: int) -> Bar:
        """Return the bar of a listing on trading day `i`."""
        return self._bars[listing.symbol][i]

    def close(self, listing: Listing, i: int) -> Decimal:
        """Return the closing price in CNY."""
        return listing.price(self.bar(listing, i).close)

    def pays(self, listing: Listing, i: int, gap: int = 1) -> bool:
        """Whether a security pays its dividend on trading day `i`, or on one of the `gap` days that end with it."""
        return listing.dividend != "0" and (i - int(listing.code)) % PAYS_EVERY < gap

    def line(self, listing: Listing, i: int) -> dict[str, object]:
        """Return the line of the bars file."""
        return bar_line(self.bar(listing, i))

    def _walk(self, listing: Listing, market: Sequence[int], rng: Random) -> list[Bar]:
        base = close = listing.ticks()
        calm = listing.stock  # funds do not follow the market of shares
        bars = []
        for day, trend in zip(self.days, market, strict=True):
            move = sum(rng.randint(-listing.swing, listing.swing) for _ in range(3)) + trend * calm
            move += (base - close) * 10_000 // base // PULL_DAYS
            if calm and rng.randrange(SHOCK_IN) == 0:
                move += rng.randint(-SHOCK, SHOCK)
            bar = _bar(listing, day, close, move, rng)
            bars.append(bar)
            close = bar.close
        return bars


def _bar(listing: Listing, day: date, prev: int, move: int, rng: Random) -> Bar:
    down, up = limits(prev, listing.limit_pct)
    close = min(up, max(down, FLOOR, moved(prev, move)))
    start = min(up, max(down, moved(prev, rng.randint(-listing.swing, listing.swing) // 2)))
    high = min(up, max(start, close) + abs(moved(prev, rng.randint(1, listing.swing)) - prev))
    low = max(down, min(start, close) - abs(moved(prev, rng.randint(1, listing.swing)) - prev))
    return Bar(listing, day, prev, start, high, low, close, rng.randint(4_000, 30_000) * 100)
