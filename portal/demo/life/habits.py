"""What one client does with his money on one day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from portal.demo.life.figures import figures
from portal.demo.life.prices import Prices
from portal.demo.life.residents import Resident
from portal.demo.life.shelf import HELD, LEVEL, Shelf
from portal.demo.life.wallet import Loan, Wallet
from portal.demo.sample.listing import Listing
from portal.demo.sample.plans import affordable, allowed

THOUSAND, FIRST_BUYS = 1000, 3
LEAST_PAID, LEAST_BOUGHT = Decimal(1000), Decimal(2000)


@dataclass(frozen=True)
class Town:
    """What everybody shares: prices, the shelf and the day's index."""

    prices: Prices
    shelf: Shelf
    i: int


class Day:
    """One client's day; `gap` is how many trading days it stands for (a thinned past stands for several)."""

    def __init__(self, resident: Resident, wallet: Wallet, town: Town, rng: Random, gap: int = 1) -> None:
        self.resident, self.wallet, self.town, self.rng, self.gap = resident, wallet, town, rng, gap
        pull = wallet.extra.pull
        self.pulled = pull.strength if pull.until >= town.i else 0

    def live(self) -> None:
        """Do what the dice say: money in, funds, trades, money out, in the order of the day."""
        manner = self.resident.manner
        if self._says(manner.pay_in, "pay_in"):
            self.pay_in(Decimal(self.resident.assets) * self.rng.randint(2, 12) / 100)
            self.to_the_shelf()
        if self._says(manner.trade, "trade"):
            self.trade()
        if self._says(manner.pay_out, ""):
            self.pay_out()

    def settle_in(self) -> None:
        """Bring the first money and lay it out as people of his kind do."""
        manner, assets = self.resident.manner, Decimal(self.resident.assets)
        self.pay_in(assets)
        for _ in range(min(manner.names, FIRST_BUYS)):
            self._buy_for(assets * manner.stocks / 100 / max(1, min(manner.names, FIRST_BUYS)))
        if manner.shelf:
            self._subscribe(assets * manner.shelf / 100)

    def pay_in(self, amount: Decimal) -> None:
        """Transfer whole hundreds in."""
        self._woken().deposit((max(amount, LEAST_PAID) // 100) * 100)

    def pay_out(self) -> None:
        """Take out what lies there, and sell something for it when little does; who leaves takes nearly all."""
        wallet = self._woken()
        leaves = self.resident.kind == "leaver"
        if leaves and wallet.holdings:
            self._sell(whole=True)
        amount = wallet.cash * (90 if leaves else self.rng.randint(10, 50)) / 100 // 100 * 100
        if amount >= LEAST_PAID:
            wallet.withdraw(amount)

    def trade(self) -> None:
        """Buy or sell, day traders two or three times."""
        for _ in range(self.rng.randint(1, 3) if self.resident.kind == "trader" else 1):
            wallet = self._woken()
            if len(wallet.trades) >= 3:  # more might end after the close
                return
            if self.rng.randrange(2) and wallet.holdings:
                self._sell(whole=self.rng.randrange(3) == 0)
            else:
                self._buy_for(wallet.cash * self.rng.randint(20, 60) / 100)

    def to_the_shelf(self) -> None:
        """Put a part of the cash into a fund, where that is his way."""
        manner = self.resident.manner
        if manner.shelf and self.rng.randrange(100) < manner.shelf:
            self._subscribe(self.wallet.cash * self.rng.randint(30, 70) / 100)

    def collateral(self) -> None:
        """Lay most of the cash out in two securities."""
        for _ in range(2):
            self._buy_for(self.wallet.cash * 45 / 100)

    def borrow(self) -> None:
        """Buy on credit for a part of the collateral; up to three contracts."""
        wallet = self._woken()
        choices = [s for s in self._within_reach() if s.margin]
        if not choices:  # real bars say nothing of margin trading
            return
        listing = self.rng.choice(choices)
        money = Decimal(self.resident.assets) * self.rng.randint(15, 30) / 100
        quantity = affordable(listing, money, self._high(listing))
        if quantity:
            trade = wallet.buy(listing, quantity, self._price(listing), "credit_buy")
            number = f"M{self._day():%Y%m%d}{wallet.account[-6:]}{len(wallet.extra.loans) + 1}"
            wallet.extra.loans.append(Loan(number, listing.symbol, self._day(), trade.net, quantity))

    def _woken(self) -> Wallet:
        self.wallet.wake(self._day(), self.rng)
        return self.wallet

    def _day(self) -> date:
        return self.town.prices.days[self.town.i]

    def _says(self, chance: int, reaction: str) -> bool:
        more = int(figures()["reaction"][reaction]) * self.pulled // 100 if reaction else 0
        quiet = 1 - (chance + more) / THOUSAND
        return self.rng.random() > quiet**self.gap

    def _buy_for(self, money: Decimal) -> None:
        wallet = self._woken()
        money = min(money, wallet.cash)
        choices = self._choices()
        if money < LEAST_BOUGHT or not choices:
            return
        listing = self.rng.choice(choices)
        quantity = affordable(listing, money, self._high(listing))
        if quantity:
            wallet.buy(listing, quantity, self._price(listing))

    def _choices(self) -> Sequence[Listing]:
        """What he holds already once he holds as many names as people of his kind do."""
        held = [s for s, h in self.wallet.holdings.items() if h.quantity]
        if len(held) >= self.resident.manner.names:
            return held
        return [s for s in self._within_reach() if allowed(s, self.resident.level, self.resident.permissions)]

    def _within_reach(self) -> Sequence[Listing]:
        """A credit account has a securities account in Shanghai only."""
        every = self.town.prices.listings
        return [s for s in every if s.exchange == "SH"] if self.wallet.account.startswith("E") else every

    def _sell(self, *, whole: bool) -> None:
        today = self.town.i
        choices = [(s, h.quantity - h.bought_today * s.stock) for s, h in self.wallet.holdings.items()]
        choices = [(s, free) for s, free in choices if free > 0 and self.town.prices.bar(s, today).trading]
        if choices:
            listing, free = self.rng.choice(choices)
            some = free if whole else max(free // 200 * 100, min(free, listing.lot))
            self._woken().sell(listing, some, self._price(listing))

    def _subscribe(self, amount: Decimal) -> None:
        wallet = self._woken()
        fit = [code for code in HELD if LEVEL[code] <= self.resident.level]
        amount = min(amount, wallet.cash) // 100 * 100
        if fit and amount >= LEAST_BOUGHT:
            code = self.rng.choice(fit)
            wallet.subscribe(code, amount, self.town.shelf.nav(code, self.town.i))

    def _price(self, listing: Listing) -> int:
        bar = self.town.prices.bar(listing, self.town.i)
        return self.rng.randint(bar.low, bar.high)

    def _high(self, listing: Listing) -> Decimal:
        return listing.price(self.town.prices.bar(listing, self.town.i).high)
