"""What one client has with us: cash, shares, funds and loans, and what moved today."""

from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from random import Random
from typing import Any

from portal.demo.sample.book import CHANNELS, ZERO, Book, Flow, Holding
from portal.demo.sample.listing import Listing

STAYED = -1
HANDED_OVER = time(16)  # when custody transfers of a day are booked


@dataclass
class Loan:
    """One financing contract: opened on a day for `principal` CNY, to buy `quantity` of a security."""

    number: str
    symbol: str
    opened: date
    principal: Decimal
    quantity: int


@dataclass
class Fund:
    """Shares of one product; `cost` is what was paid for them in all."""

    shares: Decimal = ZERO
    cost: Decimal = ZERO


@dataclass
class Pull:
    """How strongly a strategy moves a client, in per cent, until the day with this index."""

    strength: int = 0
    until: int = -1


@dataclass
class Extra:
    """What a book does not know.

    `due` is the index of the trading day up to which a security is meant to be held, by symbol; `step` counts the
    steps of his move to or from another broker that are done, STAYED when he was kept.
    """

    funds: dict[str, Fund] = field(default_factory=dict)
    loans: list[Loan] = field(default_factory=list)
    pull: Pull = field(default_factory=Pull)
    due: dict[str, int] = field(default_factory=dict)
    step: int = 0


class Wallet(Book):
    """A book that sleeps: it is woken only on days on which something happens, and can be kept as JSON."""

    def __init__(self, account: str, rate: Decimal, bank: str, channels: tuple[str, ...] = CHANNELS) -> None:
        """`channels` are those that he trades by, drawn from."""
        super().__init__(account, rate, bank, Random(0))  # noqa: S311 - each day brings its own dice
        self.seen: date | None = None
        self.extra = Extra()
        self.altered = False  # today something changed that stands in the files of clients and accounts
        self.channels = channels

    def wake(self, day: date, rng: Random) -> None:
        """Begin a day on which something happens; a second call on the same day changes nothing."""
        if self.seen != day:
            self.closing = {} if self.seen is None else {self.seen: (self.cash, {})}
            self.rng, self.trades, self.flows = rng, [], []
            self.open_day(day)
            self.closing, self.seen = {}, day

    def sleep(self) -> None:
        """Forget what moved today, once it stands in the files."""
        self.trades, self.flows, self.altered = [], [], False

    def held(self, day: date) -> list[tuple[Listing, Holding]]:
        """Return what he holds at the close of a day; what was bought on an earlier day is available."""
        rows = ((s, h if self.seen == day else Holding(h.quantity, h.cost)) for s, h in self.holdings.items())
        return [(s, h) for s, h in rows if h.quantity]

    def subscribe(self, code: str, amount: Decimal, nav: Decimal) -> None:
        """Buy a product for `amount` CNY."""
        self._flow(self._next(), "product_out", -amount, memo="基金申购")
        fund = self.extra.funds.setdefault(code, Fund())
        fund.shares += (amount / nav).quantize(Decimal("0.01"))
        fund.cost += amount

    def redeem(self, code: str, amount: Decimal) -> None:
        """Give all shares of a product back for `amount` CNY."""
        self._flow(self._next(), "product_in", amount, memo="基金赎回")
        del self.extra.funds[code]

    def custody(self, listing: Listing, quantity: int, value: Decimal) -> None:
        """Take securities over from another broker, or hand them over when `quantity` is negative; no cash moves."""
        held = self.holdings.get(listing, Holding())
        left = held.quantity + quantity
        self.holdings[listing] = Holding(left, held.cost + value if left else ZERO, held.bought_today)
        kind, memo = ("custody_in", "转托管转入") if quantity > 0 else ("custody_out", "转托管转出")
        at, amount = self._at(HANDED_OVER, 1_200), value if quantity > 0 else -value
        self.flows.append(Flow(at, self.account, kind, amount, self.cash, "", listing, memo))

    def empty(self) -> None:
        """Transfer out all that lies there, and earn no more interest."""
        if self.cash:
            self.withdraw(self.cash)
        self._cash_days = ZERO

    def kept(self) -> dict[str, Any]:
        """Return the state as JSON."""
        extra = self.extra
        return {
            "cash": str(self.cash), "paid_in": str(self.paid_in), "days": str(self._cash_days),
            "seen": self.seen and self.seen.isoformat(), "due": extra.due, "step": extra.step, "bank": self.bank,
            "pull": [extra.pull.strength, extra.pull.until],
            "held": {s.symbol: [h.quantity, str(h.cost)] for s, h in self.holdings.items() if h.quantity},
            "funds": {code: [str(fund.shares), str(fund.cost)] for code, fund in extra.funds.items()},
            "loans": [[x.number, x.symbol, x.opened.isoformat(), str(x.principal), x.quantity] for x in extra.loans],
        }  # fmt: skip

    def restore(self, kept: dict[str, Any], listings: dict[str, Listing]) -> None:
        """Take up the state as it was kept at the close of a day."""
        self.cash, self.paid_in, self._cash_days = (Decimal(kept[name]) for name in ("cash", "paid_in", "days"))
        self.seen = date.fromisoformat(kept["seen"]) if kept["seen"] else None
        self.holdings = {listings[s]: Holding(q, Decimal(cost)) for s, (q, cost) in kept["held"].items()}
        self.extra = Extra(
            {code: Fund(Decimal(shares), Decimal(cost)) for code, (shares, cost) in kept["funds"].items()},
            [Loan(n, s, date.fromisoformat(on), Decimal(p), q) for n, s, on, p, q in kept["loans"]],
            Pull(*kept["pull"]),
            {symbol: int(i) for symbol, i in kept["due"].items()},
            int(kept["step"]),
        )
        self.bank = str(kept["bank"])
