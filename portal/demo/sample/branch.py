"""The branch lives: every client's plan is carried out on his books, day by day, over the bars."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Protocol

from portal.demo.sample import story
from portal.demo.sample.accounts import bank, credit_account, fund_account
from portal.demo.sample.bars import Market
from portal.demo.sample.book import Book, Trade
from portal.demo.sample.dice import dice
from portal.demo.sample.listing import BY_KEY, LISTINGS, Listing
from portal.demo.sample.people import Person, quiet_day
from portal.demo.sample.plans import Habit, Script, Step, affordable, deposit, financed, purchase, universe

POSITION_DAYS = 5
THOUSAND = Decimal(1000)
DORMANT_CASH = Decimal("2386.40")
UNASSESSED_CASH = Decimal(26_000)
LOWEST_ASSETS, COMPANY_ASSETS = 200_000, 3_000_000
QUIET_CASH, QUIET_LISTING = Decimal(150_000), ("SZ", "000854")
HEAVY_TARGETS = (("SH", "603849"), 400_000), (("SH", "601911"), 40_000)
GAINER_TARGETS = (("SZ", "301940"), 150_000), (("SH", "603973"), 60_000), (("SZ", "001938"), 50_000)
CREDIT_CASH = Decimal(300_000)
COLLATERAL = (("SH", "601983"), 60_000), (("SH", "600950"), 60_000)
FINANCED = (("SH", "601911"), 100_000), (("SH", "603849"), 60_000)
CREDIT_START, FINANCED_START = 45, 38  # trading days before the end


class Plan(Protocol):
    """What is done on each day."""

    def act(self, book: Book, market: Market, i: int) -> None:
        """Do what belongs to day `i`."""


@dataclass(frozen=True)
class Branch:
    """The people, the market and the books of all accounts that were open in the period."""

    persons: list[Person]
    market: Market
    books: list[Book]

    def last_days(self) -> list[date]:
        """Return the trading days for which positions and margin lines are given."""
        return self.market.days[-POSITION_DAYS:]

    def trades(self) -> list[Trade]:
        """Return the trades of all accounts in the order of time."""
        return sorted((t for book in self.books for t in book.trades), key=lambda t: (t.at, t.account))


def live(persons: list[Person], market: Market, seed: int) -> Branch:
    """Let all clients act through all trading days and return the branch."""
    books = [_lived(book, plan, market) for person in persons for book, plan in _plans(person, market, seed)]
    return Branch(persons, market, books)


def _lived(book: Book, plan: Plan, market: Market) -> Book:
    for i, day in enumerate(market.days):
        book.open_day(day)
        for listing in paying(i, len(market.days)):
            if listing in book.holdings:
                book.dividend(listing, book.holdings[listing].quantity)
        plan.act(book, market, i)
        book.close_day()
    return book


def paying(i: int, count: int) -> list[Listing]:
    """Return who pays a dividend on trading day `i` of `count`: each on a day of its own, past the middle."""
    payers = [listing for listing in LISTINGS if listing.dividend != "0"]
    return [payer for k, payer in enumerate(payers) if i == count * (60 + 15 * k) // 100]


def _plans(person: Person, market: Market, seed: int) -> list[tuple[Book, Plan]]:
    if person.who is story.CLOSED:
        return []
    cash = DORMANT_CASH if person.who is story.DORMANT else Decimal("0.00")
    rng = dice(seed, "book", person.number)
    plans: list[tuple[Book, Plan]] = [
        (Book(fund_account(person), person.rate, bank(person), rng, cash), _plan(person, market, seed))
    ]
    if person.credit:
        rng = dice(seed, "credit", person.number)
        credit = Book(credit_account(person), person.rate, bank(person), rng)
        plans.append((credit, _credit(person, market)))
    return plans


def _plan(person: Person, market: Market, seed: int) -> Plan:
    if person.who in story.QUIET:
        return _quiet(person, market)
    scripts: Mapping[story.Character, Plan] = {
        story.CONCENTRATED: _targets(market, HEAVY_TARGETS, Decimal(15_000)),
        story.BIG_MOVE: _targets(market, GAINER_TARGETS, Decimal(40_000)),
        story.UNASSESSED: Script({5: [deposit(UNASSESSED_CASH)]}),
        story.DORMANT: Script(),
    }
    return scripts.get(person.who) or _habit(person, market, seed)


def _habit(person: Person, market: Market, seed: int) -> Habit:
    rng = dice(seed, "habit", person.number)
    assets = {story.LOWEST: LOWEST_ASSETS, story.COMPANY: COMPANY_ASSETS}.get(person.who, person.assets)
    allowed = universe(person.who.level or 0, person.permissions, story.GAINER)
    return Habit(allowed, assets, rng.randint(0, len(market.days) // 5), rng.randint(2, 14))


def _quiet(person: Person, market: Market) -> Script:
    i, listing = quiet_day(person.client_no, market.days), BY_KEY[QUIET_LISTING]
    high = listing.price(market.bar(listing, i).high)
    quantity = affordable(listing, QUIET_CASH * 8 // 100, high)
    return Script({i - 2: [deposit(QUIET_CASH)], i: [purchase(listing, quantity)]})


def _targets(market: Market, targets: Sequence[tuple[tuple[str, str], int]], spare: Decimal) -> Script:
    """Buy so many shares that each security is worth its target at T; `spare` CNY stay in cash."""
    steps: dict[int, list[Step]] = {}
    cost = spare
    for k, (key, worth) in enumerate(targets):
        listing, i = BY_KEY[key], 4 + 2 * k
        quantity = _lots(Decimal(worth), market.close(listing, market.last))
        steps[i] = [purchase(listing, quantity)]
        cost += listing.price(market.bar(listing, i).high) * quantity * Decimal("1.003")
    return Script({3: [deposit(_up(cost, THOUSAND))], **steps})


def _credit(person: Person, market: Market) -> Script:
    """Pay cash in, buy collateral with it, then buy on credit: one security, or two for the third person."""
    end = len(market.days)
    steps: dict[int, list[Step]] = {end - CREDIT_START: [deposit(CREDIT_CASH)]}
    for k, (key, worth) in enumerate(COLLATERAL):
        steps[end - CREDIT_START + 1 + k] = [_worth(market, key, worth, end - CREDIT_START + 1 + k, purchase)]
    for k, (key, worth) in enumerate(FINANCED[: 2 if person.who is story.MARGIN_THREE else 1]):
        steps[end - FINANCED_START + 7 * k] = [_worth(market, key, worth, end - FINANCED_START + 7 * k, financed)]
    return Script(steps)


def _worth(market: Market, key: tuple[str, str], worth: int, i: int, make: Callable[[Listing, int], Step]) -> Step:
    listing = BY_KEY[key]
    return make(listing, _lots(Decimal(worth), market.close(listing, i)))


def _lots(worth: Decimal, price: Decimal) -> int:
    return int((worth / price / 100).to_integral_value(ROUND_CEILING)) * 100


def _up(amount: Decimal, step: Decimal) -> Decimal:
    return (amount / step).to_integral_value(ROUND_CEILING) * step
