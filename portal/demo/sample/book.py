"""One cash account with its holdings: every action changes both and leaves its trade and cash movement behind."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from clients.shared.money import round_cny
from portal.demo.sample.fees import Fees, fees
from portal.demo.sample.listing import Listing

ZERO = Decimal("0.00")
CASH_RATE = Decimal("0.0005")  # a year, on a basis of 360 days
INTEREST_MONTHS, INTEREST_DAY = (3, 6, 9, 12), 21
MORNING_SECONDS = 7_200  # 9:30 to 11:30; the afternoon goes on until 14:57
GAP_SECONDS = (120, 3_000)  # at most four trades a day, so the last falls before 14:57
CHANNELS = ("app", "app", "app", "pc", "web", "phone")


@dataclass(frozen=True)
class Trade:
    """One execution; `net` is what it costs (buy) or brings (sell) in CNY."""

    at: datetime
    account: str
    listing: Listing
    side: str
    business: str
    quantity: int
    price: Decimal
    amount: Decimal
    fees: Fees
    net: Decimal
    channel: str


@dataclass(frozen=True)
class Flow:
    """One cash movement; `balance` is the cash after it in CNY."""

    at: datetime
    account: str
    kind: str
    amount: Decimal
    balance: Decimal
    bank: str
    listing: Listing | None
    memo: str


@dataclass(frozen=True)
class Holding:
    """Shares of one security; `cost` is what they cost in all, fees included."""

    quantity: int = 0
    cost: Decimal = ZERO
    bought_today: int = 0


class Book:
    """The account `account`, day by day: `open_day`, any actions, `close_day`."""

    channels: tuple[str, ...] = CHANNELS  # that its trades come by, drawn from

    def __init__(self, account: str, rate: Decimal, bank: str, rng: Random, cash: Decimal = ZERO) -> None:
        self.account, self.rate, self.bank, self.rng, self.cash = account, rate, bank, rng, cash
        self.paid_in = ZERO
        self.holdings: dict[Listing, Holding] = {}
        self.flows: list[Flow] = []
        self.trades: list[Trade] = []
        self.closing: dict[date, tuple[Decimal, dict[Listing, Holding]]] = {}
        self._day: date
        self._second = 0
        self._booked = datetime.min
        self._cash_days = ZERO

    def open_day(self, day: date) -> None:
        """Begin a trading day: yesterday's purchases become available, the quarter's interest is paid."""
        before, self._day, self._second = next(reversed(self.closing), None), day, 0
        self._booked = datetime.min
        self.holdings = {s: Holding(h.quantity, h.cost) for s, h in self.holdings.items() if h.quantity}
        if before is not None:
            self._cash_days += self.cash * (day - before).days
            self._interest(before, day)

    def close_day(self) -> None:
        """Keep cash and holdings as they stand after the day."""
        self.closing[self._day] = (self.cash, dict(self.holdings))

    def deposit(self, amount: Decimal) -> None:
        """Transfer CNY from the bank: before the session, or after what was done already on the day."""
        self.paid_in += amount
        at = self._at(time(9, 1), 900)
        self._flow(at, "bank_in", round_cny(amount), bank=self.bank, memo="银证转入")

    def withdraw(self, amount: Decimal) -> None:
        """Transfer CNY to the bank after the session."""
        self.paid_in -= amount
        at = self._at(time(15, 5), 2_400)
        self._flow(at, "bank_out", round_cny(-amount), bank=self.bank, memo="银证转出")

    def dividend(self, listing: Listing, quantity: int) -> None:
        """Credit the dividend of `quantity` shares."""
        amount = round_cny(Decimal(listing.dividend) * quantity)
        if amount:
            self._flow(self._at(time(8, 30), 0), "dividend", amount, listing, memo=f"{listing.name}现金红利")

    def buy(self, listing: Listing, quantity: int, ticks: int, business: str = "normal") -> Trade:
        """Buy at a price in ticks; `credit_buy` is paid by the broker's loan and moves no cash."""
        trade = self._trade(listing, "buy", quantity, ticks, business)
        if business == "normal":
            self._flow(trade.at, "buy", -trade.net, listing, memo="证券买入")
        held = self.holdings.get(listing, Holding())
        self.holdings[listing] = Holding(held.quantity + quantity, held.cost + trade.net, held.bought_today + quantity)
        return trade

    def sell(self, listing: Listing, quantity: int, ticks: int) -> Trade:
        """Sell at a price in ticks; the cost of the rest stays in proportion."""
        held = self.holdings[listing]
        trade = self._trade(listing, "sell", quantity, ticks, "normal")
        self._flow(trade.at, "sell", trade.net, listing, memo="证券卖出")
        left = held.quantity - quantity
        self.holdings[listing] = Holding(left, round_cny(held.cost * left / held.quantity), held.bought_today)
        return trade

    def _trade(self, listing: Listing, side: str, quantity: int, ticks: int, business: str) -> Trade:
        amount = listing.price(ticks) * quantity
        charges = fees(listing, side, amount, self.rate)
        net = amount + charges.total if side == "buy" else amount - charges.total
        trade = Trade(
            self._next(), self.account, listing, side, business, quantity, listing.price(ticks),
            round_cny(amount), charges, round_cny(net), self.rng.choice(self.channels),
        )  # fmt: skip
        self.trades.append(trade)
        return trade

    def _interest(self, before: date, day: date) -> None:
        if not quarter_ends(before, day):
            return
        amount = round_cny(self._cash_days * CASH_RATE / 360)
        self._cash_days = ZERO
        if amount:
            self._flow(self._at(time(8, 0), 0), "interest", amount, memo="活期结息")

    def _flow(
        self,
        at: datetime,
        kind: str,
        amount: Decimal,
        listing: Listing | None = None,
        *,
        bank: str = "",
        memo: str,
    ) -> None:
        # What is booked later happened later: files tell movements by time, and each balance follows the one before.
        at = self._booked = max(at, self._booked)
        self.cash += amount
        self.flows.append(Flow(at, self.account, kind, amount, self.cash, bank, listing, memo))

    def _at(self, start: time, within: int) -> datetime:
        return datetime.combine(self._day, start) + timedelta(seconds=self.rng.randint(0, within))

    def _next(self) -> datetime:
        self._second += self.rng.randint(*GAP_SECONDS)
        if self._second < MORNING_SECONDS:
            return datetime.combine(self._day, time(9, 30)) + timedelta(seconds=self._second)
        return datetime.combine(self._day, time(13, 0)) + timedelta(seconds=self._second - MORNING_SECONDS)


def quarter_ends(before: date, day: date) -> bool:
    """Whether interest falls due after one day and up to another."""
    marks = (date(year, month, INTEREST_DAY) for year in (before.year, day.year) for month in INTEREST_MONTHS)
    return any(before < mark <= day for mark in marks)
