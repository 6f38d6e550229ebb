"""The state of wallets at the close of a day as lines of files: positions, products held, margin."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from clients.shared.money import round_cny
from portal.demo.life.residents import Resident
from portal.demo.life.wallet import Loan, Wallet
from portal.demo.life.world import World
from portal.demo.sample.accounts import holder_account
from portal.demo.sample.facts import LINES, LOAN_DAYS, LOAN_RATE, MARGIN_COLUMNS, RATIO_PLACES
from portal.demo.sample.products import TA_CODE

PLACES = Decimal("0.0001")
NOTHING = Decimal("0.00")
Row = dict[str, object]
Wallets = Iterable[tuple[Resident, Wallet]]


def positions(world: World, day: date, wallets: Wallets) -> Iterator[Row]:
    """Yield the lines of the positions file."""
    i = world.prices.index[day]
    closes = {listing: world.prices.close(listing, i) for listing in world.prices.listings}
    for _resident, wallet in wallets:
        for listing, held in wallet.held(day):
            bought = held.bought_today if listing.stock else 0
            yield {
                "day": day, "fund_account": wallet.account,
                "account_no": holder_account(wallet.account, listing.exchange), "exchange": listing.exchange,
                "code": listing.code, "quantity": held.quantity, "available": held.quantity - bought, "frozen": 0,
                "unsettled": bought, "cost_price": (held.cost / held.quantity).quantize(PLACES),
                "last_price": closes[listing], "market_value": round_cny(held.quantity * closes[listing]),
                "collateral": wallet.account.startswith("E"),
            }  # fmt: skip


def product_holdings(world: World, day: date, wallets: Wallets) -> Iterator[Row]:
    """Yield the lines of the product holdings file."""
    i = world.prices.index[day]
    for _resident, wallet in wallets:
        for code, fund in wallet.extra.funds.items():
            yield {
                "day": day, "fund_account": wallet.account, "ta_code": TA_CODE, "product_code": code,
                "shares": fund.shares, "cost": fund.cost, "market_value": world.shelf.value(code, fund.shares, i),
            }  # fmt: skip


def margin(world: World, day: date, wallets: Wallets) -> Iterator[Row]:
    """Yield the lines of the margin file: each account with a loan and its contracts."""
    i = world.prices.index[day]
    for resident, wallet in wallets:
        if wallet.extra.loans:
            contracts = [_contract(world, wallet, loan, day) for loan in wallet.extra.loans]
            value = sum((round_cny(h.quantity * world.prices.close(s, i)) for s, h in wallet.held(day)), NOTHING)
            yield _account(resident, wallet, day, value, contracts)
            yield from contracts


def _account(resident: Resident, wallet: Wallet, day: date, value: Decimal, contracts: list[Row]) -> Row:
    debt = sum((Decimal(str(c["outstanding"])) + Decimal(str(c["interest"])) for c in contracts), NOTHING)
    return dict.fromkeys(MARGIN_COLUMNS) | LINES | {
        "row": "account", "day": day, "credit_account": wallet.account, "cash": wallet.cash,
        "collateral_value": value, "debt": debt, "ratio": ((wallet.cash + value) / debt).quantize(RATIO_PLACES),
        "credit_line": Decimal(resident.assets),
    }  # fmt: skip


def _contract(world: World, wallet: Wallet, loan: Loan, day: date) -> Row:
    """One contract; at the end of its term it is extended."""
    extended = (day - loan.opened) // LOAN_DAYS
    listing = world.by_symbol[loan.symbol]
    return dict.fromkeys(MARGIN_COLUMNS) | {
        "row": "contract", "day": day, "credit_account": wallet.account, "contract_no": loan.number,
        "kind": "financing", "exchange": listing.exchange, "code": listing.code, "opened_on": loan.opened,
        "due_on": loan.opened + LOAN_DAYS * (extended + 1), "principal": loan.principal, "quantity": loan.quantity,
        "outstanding": loan.principal, "interest": round_cny(loan.principal * LOAN_RATE * _days(loan, day) / 360),
        "rate": LOAN_RATE, "extended": extended, "status": "open",
    }  # fmt: skip


def _days(loan: Loan, day: date) -> int:
    return (day - loan.opened) // timedelta(days=1)
