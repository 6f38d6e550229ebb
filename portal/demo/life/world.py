"""Everybody's wallets, lived from day to day; what they did on a day goes into that day's files."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from portal.demo.life import taste
from portal.demo.life.deeds import Town
from portal.demo.life.habits import Day
from portal.demo.life.listings import listings
from portal.demo.life.plan import Plan, read_json, write_json
from portal.demo.life.prices import Prices
from portal.demo.life.residents import Resident, residents
from portal.demo.life.shelf import Shelf
from portal.demo.life.wallet import Pull, Wallet
from portal.demo.sample.accounts import bank, credit_account, fund_account
from portal.demo.sample.book import quarter_ends
from portal.demo.sample.dice import dice

STATE = "wallets.json"
CREDIT_PART, CREDIT_FROM = 40, 120  # of a hundred of his assets; trading days before the first lived one


@dataclass
class Household:
    """One client with his wallets; the credit wallet is there from its first day on."""

    resident: Resident
    wallet: Wallet
    credit: Wallet | None = None

    def wallets(self) -> Iterator[Wallet]:
        """Yield his wallets."""
        yield self.wallet
        if self.credit:
            yield self.credit


class World:
    """The clients of a plan, with the market they live in."""

    def __init__(self, plan: Plan, prices: Prices | None = None) -> None:
        """`prices` replaces the simulated ones."""
        self.plan, self.days = plan, plan.walked()
        self.prices = prices or Prices(listings(), self.days, plan.seed)
        self.shelf = Shelf(self.days, plan.seed)
        self.by_symbol = {listing.symbol: listing for listing in self.prices.listings}
        self.households = [_household(one) for one in residents(plan)]
        self.by_number = {one.resident.client_no: one for one in self.households}

    def town(self, day: date) -> Town:
        """Return what everybody shares on a day."""
        return Town(self.prices, self.shelf, self.prices.index[day])

    def live(self, day: date, before: date | None) -> None:
        """Let everybody live through a day of the files; `before` is the one before it, None for the first."""
        town = self.town(day)
        gap = town.i - self.prices.index[before] if before else 1
        interest = before is not None and quarter_ends(before, day)
        for one in self.present(day):
            rng = dice(self.plan.seed, "day", day, one.resident.number)
            for wallet in one.wallets() if interest else ():
                wallet.wake(day, rng)
            self._live_one(one, Day(one.resident, one.wallet, town, rng, gap))

    def present(self, day: date) -> Iterator[Household]:
        """Yield the clients who have an account by the close of a day."""
        return (one for one in self.households if one.resident.opened_on <= day)

    def arriving(self, day: date, before: date | None) -> list[Household]:
        """Return the clients who opened their account since the day before in the files."""
        return [one for one in self.present(day) if before is None or one.resident.opened_on > before]

    def altered(self, day: date) -> list[Household]:
        """Return the clients of whom the clients or accounts file says something else from this day on."""
        return [one for one in self.present(day) if one.wallet.altered]

    def wallets(self, day: date) -> Iterator[tuple[Resident, Wallet]]:
        """Yield every wallet that is there on a day."""
        return ((one.resident, wallet) for one in self.present(day) for wallet in one.wallets())

    def pull(self, client_no: str, strength: int, until: int) -> None:
        """Let a strategy move a client, in per cent of full strength, up to the trading day with this index."""
        now = self.by_number[client_no].wallet.extra.pull
        if strength > now.strength or until > now.until:
            self.by_number[client_no].wallet.extra.pull = Pull(max(strength, now.strength), until)

    def keep(self, folder: Path) -> None:
        """Write everybody's state beside the files of the day."""
        write_json(folder / STATE, {one.resident.client_no: _kept(one) for one in self.households})

    def restore(self, folder: Path) -> None:
        """Take up everybody's state as it stands beside the files of a day."""
        for client_no, kept in read_json(folder / STATE).items():
            one = self.by_number[client_no]
            one.wallet.restore(kept["wallet"], self.by_symbol)
            if kept["credit"]:
                one.credit = _credit(one.resident)
                one.credit.restore(kept["credit"], self.by_symbol)

    def _live_one(self, one: Household, day: Day) -> None:
        resident, wallet, i = one.resident, one.wallet, day.town.i
        if wallet.seen is None and not wallet.paid_in:
            day.settle_in()
            return
        if resident.credit and one.credit is None and i > len(self.days) - self.plan.days - CREDIT_FROM:
            one.credit = _credit(resident)
            margin = Day(resident, one.credit, day.town, day.rng)
            margin.pay_in(Decimal(resident.assets) * CREDIT_PART / 100)
            margin.collateral()
        elif resident.temper.margin == "user" and one.credit and _borrows(one.credit, day):
            Day(resident, one.credit, day.town, day.rng).borrow()
        day.live()


def _household(resident: Resident) -> Household:
    channels = taste.channels(resident.temper)
    return Household(resident, Wallet(fund_account(resident), resident.rate, bank(resident), channels))


def _credit(resident: Resident) -> Wallet:
    return Wallet(credit_account(resident), resident.rate, bank(resident))


def _borrows(credit: Wallet, day: Day) -> bool:
    return len(credit.extra.loans) < 2 and day.rng.randrange(3) == 0


def _kept(one: Household) -> dict[str, Any]:
    return {"wallet": one.wallet.kept(), "credit": one.credit.kept() if one.credit else None}


def forget(wallets: Iterable[tuple[Resident, Wallet]]) -> None:
    """Let everybody forget what moved today, once it stands in the files."""
    for _resident, wallet in wallets:
        wallet.sleep()
