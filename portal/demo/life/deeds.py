"""What a client can do with his money on one day: every deed goes into his wallet and leaves its lines there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from portal.demo.life import taste
from portal.demo.life.prices import Prices
from portal.demo.life.residents import Resident
from portal.demo.life.shelf import HELD, LEAST, LEVEL, Shelf
from portal.demo.life.wallet import Wallet
from portal.demo.sample.listing import Listing
from portal.demo.sample.plans import affordable, allowed

MOST_TRADES = 3  # a day; more might end after the close
LEAST_PAID, LEAST_BOUGHT = Decimal(1000), Decimal(2000)


@dataclass(frozen=True)
class Town:
    """What everybody shares: prices, the shelf and the day's index."""

    prices: Prices
    shelf: Shelf
    i: int


class Deeds:
    """One client with one of his wallets on one day."""

    def __init__(self, resident: Resident, wallet: Wallet, town: Town, rng: Random) -> None:
        self.resident, self.wallet, self.town, self.rng = resident, wallet, town, rng
        pull = wallet.extra.pull
        self.pulled = pull.strength if pull.until >= town.i else 0

    def pay_in(self, amount: Decimal) -> None:
        """Transfer whole hundreds in, once a day."""
        wallet = self.woken()
        if all(flow.kind != "bank_in" for flow in wallet.flows):
            wallet.deposit((max(amount, LEAST_PAID) // 100) * 100)

    def take_out(self, part: int) -> None:
        """Take out so many of a hundred of the cash that lies there, in whole hundreds."""
        wallet = self.woken()
        amount = wallet.cash * part / 100 // 100 * 100
        if amount >= LEAST_PAID:
            wallet.withdraw(amount)

    def buy_for(self, money: Decimal) -> None:
        """Buy a security to his taste for at most so much."""
        wallet = self.woken()
        money = min(money, wallet.cash)
        choices = self._choices()
        if money < LEAST_BOUGHT or not choices:
            return
        listing = taste.bought(self.resident.temper, choices, self.town.prices, self.town.i, self.rng)
        quantity = affordable(listing, money, self.high(listing))
        if quantity:
            wallet.buy(listing, quantity, self.price(listing))
            self.means_to_hold(listing)

    def means_to_hold(self, listing: Listing) -> None:
        """Keep in mind up to when he means to hold what he has not held before."""
        self.wallet.extra.due.setdefault(listing.symbol, self.town.i + taste.meant(self.resident.temper, self.rng))

    def free(self) -> list[tuple[Listing, int]]:
        """Return what he could sell today, with the number of shares."""
        begun = self.wallet.seen == self.today()
        held = [(s, h.quantity - h.bought_today * s.stock * begun) for s, h in self.wallet.holdings.items()]
        return [(s, free) for s, free in held if free > 0 and self.town.prices.bar(s, self.town.i).trading]

    def sell(self, listing: Listing, quantity: int) -> None:
        """Sell shares that are free."""
        self.woken().sell(listing, quantity, self.price(listing))
        if not self.wallet.holdings[listing].quantity:
            self.wallet.extra.due.pop(listing.symbol, None)

    def subscribe(self, amount: Decimal) -> None:
        """Buy a product of his sort that fits his level, in whole hundreds."""
        wallet = self.woken()
        amount = min(amount, wallet.cash) // 100 * 100
        thought = [code for code in taste.sorts(self.resident.temper, self.rng) if self._fits(code, amount)]
        fit = thought or [code for code in HELD if self._fits(code, amount)]
        if fit:
            code = self.rng.choice(fit)
            wallet.subscribe(code, amount, self.town.shelf.nav(code, self.town.i))

    def redeem_all(self) -> None:
        """Give every product back at its value of the day."""
        wallet = self.woken()
        for code, fund in list(wallet.extra.funds.items()):
            wallet.redeem(code, self.town.shelf.value(code, fund.shares, self.town.i))

    def woken(self) -> Wallet:
        """Return the wallet with the day begun."""
        self.wallet.wake(self.today(), self.rng)
        return self.wallet

    def today(self) -> date:
        """Return the day that is lived."""
        return self.town.prices.days[self.town.i]

    def within_reach(self) -> Sequence[Listing]:
        """Return what his accounts can hold: a credit account has a securities account in Shanghai only."""
        every = self.town.prices.listings
        return [s for s in every if s.exchange == "SH"] if self.wallet.account.startswith("E") else every

    def permitted(self) -> list[Listing]:
        """Return what he may buy."""
        return [s for s in self.within_reach() if allowed(s, self.resident.level, self.resident.permissions)]

    def price(self, listing: Listing) -> int:
        """Return a price of the day, in ticks."""
        bar = self.town.prices.bar(listing, self.town.i)
        return self.rng.randint(bar.low, bar.high)

    def high(self, listing: Listing) -> Decimal:
        """Return the highest price of the day, in CNY."""
        return listing.price(self.town.prices.bar(listing, self.town.i).high)

    def _choices(self) -> Sequence[Listing]:
        """What he holds already once he holds as many names as people of his kind do."""
        held = [s for s, h in self.wallet.holdings.items() if h.quantity]
        return held if len(held) >= self.resident.manner.names else self.permitted()

    def _fits(self, code: str, amount: Decimal) -> bool:
        return LEVEL[code] <= self.resident.level and amount >= max(LEAST_BOUGHT, LEAST[code])
