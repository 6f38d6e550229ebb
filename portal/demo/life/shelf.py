"""The product shelf: the sample's products and one of wealth management, with net asset values that move."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from portal.demo.sample import products as sample
from portal.demo.sample.dice import dice

CENT, NAV_PLACES = Decimal("0.01"), Decimal("0.0001")
DRIFT = {1: (0, 1), 2: (-2, 4), 3: (-60, 64), 4: (0, 2), 5: (-90, 100)}  # 1/10,000 a trading day, by risk level
HELD = ("D00001", "D00002", "D00003", "D00006")  # what private clients of the branch hold
PRODUCTS: tuple[sample.Product, ...] = (
    *sample.PRODUCTS,
    ("D00006", "示例稳利理财", "wealth", 2, "10000.00", "1.00", 90, "1.0000", "any", 0, "0.002000"),
)
LEVEL = {row[0]: row[3] for row in PRODUCTS}
LEAST = {row[0]: Decimal(row[4]) for row in PRODUCTS}  # CNY


class Shelf:
    """Net asset values of every product on every trading day."""

    def __init__(self, days: Sequence[date], seed: int) -> None:
        self.days = list(days)
        self._navs = {row[0]: _walk(Decimal(row[7]), row[3], len(self.days), seed, row[0]) for row in PRODUCTS}

    def nav(self, code: str, i: int) -> Decimal:
        """Return the net asset value of a product on trading day `i`, in CNY."""
        return self._navs[code][i]

    def value(self, code: str, shares: Decimal, i: int) -> Decimal:
        """Return what shares are worth on trading day `i`, in CNY."""
        return (shares * self.nav(code, i)).quantize(CENT)

    def rows(self, i: int) -> Iterator[dict[str, object]]:
        """Yield the lines of the products file of trading day `i`: the value is that of the day before."""
        for row in sample.rows(self.days[: max(2, i + 1)], PRODUCTS):
            code, before = str(row["product_code"]), max(0, i - 1)
            yield row | {"as_of": self.days[i], "open_from": self.days[0], "nav": self.nav(code, before),
                         "nav_date": self.days[before]}  # fmt: skip


def _walk(start: Decimal, level: int, days: int, seed: int, code: str) -> list[Decimal]:
    rng, values = dice(seed, "nav", code), [start]
    for _ in range(days - 1):
        values.append((values[-1] * (10_000 + rng.randint(*DRIFT[level])) / 10_000).quantize(NAV_PLACES))
    return values
