"""What each client does on each day: ordinary habits, and the scripts of the people of the story.

An ordinary client keeps a tenth of what he paid in as cash and never puts more than a quarter of it into one
security, so with the bounded prices nobody but the story's people is concentrated.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from portal.demo.sample.bars import Market
from portal.demo.sample.book import Book
from portal.demo.sample.listing import LISTINGS, Listing

BOARD_PERMISSION = {"star": "STAR", "gem": "GEM", "bse": "BSE"}
FIRST_BUYS = 5
COST_FACTOR = Decimal("1.003")  # price and charges; the five-yuan minimum is in SPARE
SPARE = Decimal(10)
ACTIONS = ("buy", "buy", "buy", "sell", "sell", "switch", "switch", "top_up", "take_out")

Step = Callable[[Book, Market, int], None]


def universe(level: int, permissions: Sequence[str], reserved: tuple[str, str]) -> tuple[Listing, ...]:
    """Return what a client of this risk level may trade; shares need level 3, some boards a permission."""
    return tuple(s for s in LISTINGS if s.key != reserved and allowed(s, level, permissions))


def allowed(listing: Listing, level: int, permissions: Sequence[str]) -> bool:
    """Whether a client of this level and with these permissions may trade a security."""
    if not listing.stock:
        return True
    needed = "ST" if listing.risk_flag == "st" else BOARD_PERMISSION.get(listing.board)
    return level >= 3 and (needed is None or needed in permissions)


@dataclass(frozen=True)
class Script:
    """Steps fixed by index of the trading day."""

    steps: Mapping[int, Sequence[Step]] = field(default_factory=dict)

    def act(self, book: Book, market: Market, i: int) -> None:
        """Do what the script says for day `i`."""
        for step in self.steps.get(i, ()):
            step(book, market, i)


@dataclass(frozen=True)
class Habit:
    """Pays `assets` in on day `start`, buys on the next days, then acts on `chance` days in a hundred."""

    universe: tuple[Listing, ...]
    assets: int
    start: int
    chance: int

    def act(self, book: Book, market: Market, i: int) -> None:
        """Live through day `i`."""
        if i == self.start:
            book.deposit(Decimal(self.assets))
        elif self.start < i <= self.start + FIRST_BUYS:
            self.buy(book, market, i)
        elif i > self.start and book.rng.randrange(100) < self.chance:
            getattr(self, book.rng.choice(ACTIONS))(book, market, i)

    def buy(self, book: Book, market: Market, i: int) -> None:
        """Buy one security with at most a fifth of what was paid in."""
        choices = [s for s in self.universe if market.bar(s, i).trading and self._lots(book, market, i, s)]
        if choices:
            listing = book.rng.choice(choices)
            book.buy(listing, self._lots(book, market, i, listing), any_price(book, market, i, listing))

    def sell(self, book: Book, market: Market, i: int) -> None:
        """Sell a half or the whole of one holding; dividend payers are kept, so no dividend tax falls due."""
        choices = [s for s, h in book.holdings.items() if market.bar(s, i).trading and s.dividend == "0"]
        if choices:
            listing = book.rng.choice(choices)
            quantity = _part(book.holdings[listing].quantity, listing.lot, book.rng.randrange(2) == 0)
            book.sell(listing, quantity, any_price(book, market, i, listing))

    def switch(self, book: Book, market: Market, i: int) -> None:
        """Sell one holding and buy another security with the proceeds."""
        self.sell(book, market, i)
        self.buy(book, market, i)

    def top_up(self, book: Book, market: Market, i: int) -> None:
        """Pay in a tenth more."""
        if book.paid_in < 2 * self.assets:
            book.deposit(Decimal(self.assets // 10))

    def take_out(self, book: Book, market: Market, i: int) -> None:
        """Draw a twentieth while cash is plenty and at least four fifths of the start remain."""
        part = Decimal(self.assets // 20)
        if book.cash > book.paid_in * 3 / 10 and book.paid_in - part >= self.assets * 4 // 5:
            book.withdraw(part)

    def _lots(self, book: Book, market: Market, i: int, listing: Listing) -> int:
        held = book.holdings.get(listing)
        room = book.paid_in / 4 - (held.cost if held else 0)
        money = min(book.paid_in / 5, book.cash - book.paid_in / 10, room)
        return affordable(listing, money, listing.price(market.bar(listing, i).high))


def any_price(book: Book, market: Market, i: int, listing: Listing) -> int:
    """Draw a price in ticks between the day's low and high."""
    bar = market.bar(listing, i)
    return book.rng.randint(bar.low, bar.high)


def affordable(listing: Listing, money: Decimal, price: Decimal) -> int:
    """Return the shares, in hundreds, that `money` CNY buys at `price`, 0 when it is less than a lot."""
    quantity = int((money - SPARE) / (price * COST_FACTOR)) // 100 * 100
    return quantity if quantity >= listing.lot else 0


def _part(quantity: int, lot: int, half: bool) -> int:
    some = quantity // 200 * 100
    return some if half and min(some, quantity - some) >= lot else quantity


def deposit(amount: Decimal) -> Step:
    """Make the step that pays in `amount` CNY."""
    return lambda book, market, i: book.deposit(amount)


def purchase(listing: Listing, quantity: int) -> Step:
    """Make the step that buys `quantity` shares within the day's range."""
    return lambda book, market, i: _bought(book, market, i, listing, quantity, "normal")


def financed(listing: Listing, quantity: int) -> Step:
    """Make the step that buys `quantity` shares with the broker's money."""
    return lambda book, market, i: _bought(book, market, i, listing, quantity, "credit_buy")


def _bought(book: Book, market: Market, i: int, listing: Listing, quantity: int, business: str) -> None:
    book.buy(listing, quantity, any_price(book, market, i, listing), business)
