"""The accounts of each client: fund account, one securities account per market, credit accounts for some."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from portal.demo.sample.book import Book
from portal.demo.sample.fees import MIN_COMMISSION
from portal.demo.sample.people import Person

FUND_MARKET = "OTC"  # a cash account belongs to no exchange, but the column must be filled
BANKS = ("ICBC", "CCB", "ABC", "CMB", "BOC")
HOLDER_PREFIX = {"SH": "A", "SZ": "08", "BJ": "09"}
MARKET_PERMISSIONS = {"SH": ("STAR", "ST"), "SZ": ("GEM",), "BJ": ("BSE",)}
ACCOUNT_STATUS = {"active": "normal", "dormant": "dormant", "closed": "closed"}


def fund_account(person: Person) -> str:
    """Return the number of his cash account."""
    return f"1{person.number:08d}"


def credit_account(person: Person) -> str:
    """Return the number of his credit cash account."""
    return f"E{person.number:09d}"


def bank(person: Person) -> str:
    """Return the code of his depository bank."""
    return BANKS[person.number % len(BANKS)]


def holder_account(fund: str, exchange: str) -> str:
    """Return the securities account that stands behind a cash account on an exchange."""
    if fund.startswith("E"):
        return f"F{fund[1:]}"
    prefix = HOLDER_PREFIX[exchange]
    return prefix + fund[1:].zfill(10 - len(prefix))


def rows(persons: Sequence[Person], books: Sequence[Book], days: Sequence[date]) -> Iterator[dict[str, object]]:
    """Yield the lines of the accounts file."""
    first = _first_days(books)
    for person in persons:
        yield _fund(person, "fund", fund_account(person), person.opened_on, days[0])
        for market in _markets(person):
            yield _holder(person, market, first, days[0])
        if person.credit:
            yield from _credit(person, first, days[0])


def _markets(person: Person) -> tuple[str, ...]:
    return ("SH", "SZ", "BJ") if "BSE" in person.permissions else ("SH", "SZ")


def _first_days(books: Sequence[Book]) -> dict[tuple[str, str], date]:
    first: dict[tuple[str, str], date] = {}
    for book in books:
        for trade in book.trades:
            first.setdefault((book.account, trade.listing.exchange), trade.at.date())
    return first


def _row(person: Person, kind: str, market: str, number: str, opened: date, start: date) -> dict[str, object]:
    closed = person.status == "closed"
    return {
        "kind": kind, "market": market, "account_no": number, "client_no": person.client_no,
        "fund_account": number, "main": True, "designated": False, "status": ACCOUNT_STATUS[person.status],
        "opened_on": opened, "closed_on": start - timedelta(days=40) if closed else None,
        "branch": person.who.branch, "bank": None, "bank_card_tail": None, "depository": None,
        "commission": person.rate, "min_commission": MIN_COMMISSION, "first_trade_on": None,
        "permissions": None,
    }  # fmt: skip


def _fund(person: Person, kind: str, number: str, opened: date, start: date) -> dict[str, object]:
    open_bank = None if person.status == "closed" else bank(person)
    return _row(person, kind, FUND_MARKET, number, opened, start) | {
        "bank": open_bank, "bank_card_tail": open_bank and f"{person.number:04d}",
        "depository": "active" if open_bank else "none",
    }  # fmt: skip


def _holder(person: Person, market: str, first: dict[tuple[str, str], date], start: date) -> dict[str, object]:
    fund = fund_account(person)
    held = [code for code in MARKET_PERMISSIONS[market] if code in person.permissions]
    number = holder_account(fund, market)
    return _row(person, "securities", market, number, person.opened_on, start) | {
        "fund_account": fund, "main": market == "SH", "designated": market == "SH",
        "first_trade_on": person.first_trade_on or first.get((fund, market)), "permissions": ";".join(held),
    }  # fmt: skip


def _credit(person: Person, first: dict[tuple[str, str], date], start: date) -> Iterator[dict[str, object]]:
    number = credit_account(person)
    opened = start - timedelta(days=300)
    yield _fund(person, "credit_fund", number, opened, start) | {"permissions": "MARGIN"}
    yield _row(person, "credit_securities", "SH", holder_account(number, "SH"), opened, start) | {
        "fund_account": number, "designated": True, "first_trade_on": first.get((number, "SH")),
    }  # fmt: skip
