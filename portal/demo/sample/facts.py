"""The ledger's lines: trades, cash movements, positions and margin accounts as the books left them."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from clients.shared.money import round_cny
from portal.demo.sample.accounts import holder_account
from portal.demo.sample.bars import Market
from portal.demo.sample.book import Book, Flow, Holding, Trade
from portal.demo.sample.branch import Branch
from portal.demo.sample.listing import Listing

LOAN_RATE = Decimal("0.0585")
LOAN_DAYS = timedelta(days=180)
CREDIT_LINE = "500000.00"
LINES = {"warn_line": "1.50", "call_line": "1.40", "close_line": "1.30"}
PRICE_PLACES, RATIO_PLACES = Decimal("0.0001"), Decimal("0.000001")
MARGIN_COLUMNS = (
    "row", "day", "credit_account", "contract_no", "kind", "exchange", "code", "opened_on", "due_on",
    "principal", "quantity", "outstanding", "interest", "rate", "extended", "status", "cash",
    "collateral_value", "debt", "ratio", "credit_line", "warn_line", "call_line", "close_line",
)  # fmt: skip


def trades(branch: Branch) -> Iterator[dict[str, object]]:
    """Yield the lines of the trades file in the order of time."""
    for number, trade in enumerate(branch.trades(), 1):
        yield trade_line(trade, number)


def cashflows(branch: Branch) -> Iterator[dict[str, object]]:
    """Yield the lines of the cashflows file in the order of time; the chain of balances follows it."""
    flows = sorted((f for book in branch.books for f in book.flows), key=lambda f: (f.at, f.account))
    for number, flow in enumerate(flows, 1):
        yield flow_line(flow, number)


def positions(branch: Branch) -> Iterator[dict[str, object]]:
    """Yield the lines of the positions file: the last five trading days."""
    for day in branch.last_days():
        for book in branch.books:
            for listing, holding in _held(book, day):
                yield _position(branch.market, book, day, listing, holding)


def margin(branch: Branch) -> Iterator[dict[str, object]]:
    """Yield the lines of the margin file: account and contract rows of the last five trading days."""
    for day in branch.last_days():
        for book in branch.books:
            contracts = [_contract(book, loan, k, day) for k, loan in enumerate(_loans(book), 1)]
            if contracts:
                yield from (_margin_account(branch.market, book, day, contracts), *contracts)


def trade_line(trade: Trade, number: int) -> dict[str, object]:
    """Return the line of a trade; `number` is unique on its day."""
    return {
        "day": trade.at.date(), "fund_account": trade.account, "exchange": trade.listing.exchange,
        "trade_no": f"{number:010d}", "side": trade.side, "order_no": f"O{number:09d}", "time": trade.at,
        "code": trade.listing.code, "business": trade.business, "quantity": trade.quantity,
        "price": trade.price, "amount": trade.amount, "commission": trade.fees.commission,
        "stamp_tax": trade.fees.stamp_tax, "transfer_fee": trade.fees.transfer_fee, "net_amount": trade.net,
        "currency": "CNY", "channel": trade.channel,
    }  # fmt: skip


def flow_line(flow: Flow, number: int) -> dict[str, object]:
    """Return the line of a cash movement."""
    return {
        "day": flow.at.date(), "fund_account": flow.account, "flow_no": f"F{flow.at:%Y%m%d}{number:06d}",
        "time": flow.at, "kind": flow.kind, "amount": flow.amount, "balance_after": flow.balance,
        "currency": "CNY", "bank": flow.bank, "exchange": flow.listing and flow.listing.exchange,
        "code": flow.listing and flow.listing.code, "memo": flow.memo,
    }  # fmt: skip


def _held(book: Book, day: date) -> list[tuple[Listing, Holding]]:
    held = book.closing[day][1].items()
    return sorted(((s, h) for s, h in held if h.quantity), key=lambda pair: pair[0].key)


def _value(market: Market, day: date, listing: Listing, holding: Holding) -> Decimal:
    return round_cny(holding.quantity * market.close(listing, market.days.index(day)))


def _position(market: Market, book: Book, day: date, listing: Listing, holding: Holding) -> dict[str, object]:
    bought = holding.bought_today if listing.stock else 0
    return {
        "day": day, "fund_account": book.account,
        "account_no": holder_account(book.account, listing.exchange), "exchange": listing.exchange,
        "code": listing.code, "quantity": holding.quantity, "available": holding.quantity - bought,
        "frozen": 0, "unsettled": bought,
        "cost_price": (holding.cost / holding.quantity).quantize(PRICE_PLACES),
        "last_price": market.close(listing, market.days.index(day)),
        "market_value": _value(market, day, listing, holding), "collateral": book.account.startswith("E"),
    }  # fmt: skip


def _loans(book: Book) -> list[Trade]:
    return [trade for trade in book.trades if trade.business == "credit_buy"]


def _contract(book: Book, loan: Trade, number: int, day: date) -> dict[str, object]:
    opened = loan.at.date()
    interest = round_cny(loan.net * LOAN_RATE * (day - opened).days / 360)
    return dict.fromkeys(MARGIN_COLUMNS) | {
        "row": "contract", "day": day, "credit_account": book.account,
        "contract_no": f"M{opened:%Y%m%d}{book.account[-4:]}{number}", "kind": "financing",
        "exchange": loan.listing.exchange, "code": loan.listing.code, "opened_on": opened,
        "due_on": opened + LOAN_DAYS, "principal": loan.net, "quantity": loan.quantity,
        "outstanding": loan.net, "interest": interest, "rate": LOAN_RATE, "extended": 0, "status": "open",
    }  # fmt: skip


def _margin_account(market: Market, book: Book, day: date, contracts: list[dict[str, object]]) -> dict[str, object]:
    cash = book.closing[day][0]
    collateral = sum((_value(market, day, s, h) for s, h in _held(book, day)), Decimal("0.00"))
    debt = sum((Decimal(str(c["outstanding"])) + Decimal(str(c["interest"])) for c in contracts), Decimal("0.00"))
    return dict.fromkeys(MARGIN_COLUMNS) | LINES | {
        "row": "account", "day": day, "credit_account": book.account, "cash": cash,
        "collateral_value": collateral, "debt": debt,
        "ratio": ((cash + collateral) / debt).quantize(RATIO_PLACES), "credit_line": CREDIT_LINE,
    }  # fmt: skip
