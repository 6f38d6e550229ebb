"""What the ledger files of a sample must satisfy, worked out anew from the files (DOMAIN 6); one rule each."""

from collections import defaultdict
from datetime import date, datetime, time
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import pairwise

from tests.portal.demo.reading import Row, Sample, by, number

CENT = Decimal("0.01")
PERMISSIONS = {"star": "STAR", "gem": "GEM", "bse": "BSE"}
SIGNS = {"bank_in": 1, "bank_out": -1, "buy": -1, "sell": 1, "dividend": 1, "interest": 1}
SESSIONS = ((time(9, 30), time(11, 30)), (time(13, 0), time(14, 57)))


def cash_chain(sample: Sample) -> None:
    for rows in by(sample["cashflows"], "fund_account").values():
        assert [r["time"] for r in rows] == sorted({r["time"] for r in rows})
        assert [r["flow_no"] for r in rows] == sorted(r["flow_no"] for r in rows)
        for before, now in pairwise(rows):
            assert number(now["balance_after"]) == number(before["balance_after"]) + number(now["amount"])
        for row in rows:
            assert number(row["amount"]) * SIGNS[row["kind"]] > 0
            assert number(row["balance_after"]) >= 0
            assert bool(row["bank"]) == row["kind"].startswith("bank_")
            assert row["time"].startswith(row["day"])


def trades_have_cash_legs(sample: Sample) -> None:
    paid = [t for t in sample["trades"] if t["business"] == "normal"]
    legs = [f for f in sample["cashflows"] if f["kind"] in ("buy", "sell")]
    sign = {"buy": -1, "sell": 1}
    assert sorted((t["fund_account"], t["time"], sign[t["side"]] * number(t["net_amount"])) for t in paid) == sorted(
        (f["fund_account"], f["time"], number(f["amount"])) for f in legs
    )


def trades_priced_and_charged(sample: Sample) -> None:
    rates = {a["account_no"]: number(a["commission"]) for a in sample["accounts"] if a["kind"].endswith("fund")}
    kinds = {(s["exchange"], s["code"]): s["type"] for s in sample["securities"]}
    for trade in sample["trades"]:
        amount, sold = number(trade["amount"]), trade["side"] == "sell"
        stock = kinds[trade["exchange"], trade["code"]] == "stock"
        assert amount == number(trade["quantity"]) * number(trade["price"])
        assert number(trade["commission"]) == max(Decimal(5), _cents(amount * rates[trade["fund_account"]]))
        assert number(trade["stamp_tax"]) == (_cents(amount * Decimal("0.0005")) if stock and sold else 0)
        assert number(trade["transfer_fee"]) == (_cents(amount * Decimal("0.00001")) if stock else 0)
        charges = number(trade["commission"]) + number(trade["stamp_tax"]) + number(trade["transfer_fee"])
        assert number(trade["net_amount"]) == (amount - charges if sold else amount + charges)


def trades_possible(sample: Sample) -> None:
    bars = {(b["exchange"], b["code"], b["day"]): b for b in sample["bars"]}
    boards = {(s["exchange"], s["code"]): s["board"] for s in sample["securities"]}
    for trade in sample["trades"]:
        bar = bars[trade["exchange"], trade["code"], trade["day"]]
        assert bar["status"] == "trading"
        assert number(bar["low"]) <= number(trade["price"]) <= number(bar["high"])
        at, quantity = datetime.fromisoformat(trade["time"]), int(trade["quantity"])
        assert at.date().isoformat() == trade["day"]
        assert any(start <= at.time() < end for start, end in SESSIONS)
        assert quantity % 100 == 0
        assert quantity >= (200 if boards[trade["exchange"], trade["code"]] == "star" else 100)


def special_boards_need_permission(sample: Sample) -> None:
    permissions = {
        (a["fund_account"], a["market"]): a["permissions"].split(";")
        for a in sample["accounts"]
        if a["kind"].endswith("securities")
    }
    securities = {(s["exchange"], s["code"]): s for s in sample["securities"]}
    levels = {c["client_no"]: int(c["risk_level"] or 0) for c in sample["clients"]}
    owners = {a["account_no"]: a["client_no"] for a in sample["accounts"] if a["kind"].endswith("fund")}
    for trade in sample["trades"]:
        security = securities[trade["exchange"], trade["code"]]
        needed = PERMISSIONS.get(security["board"]) or ("ST" if security["risk_flag"] == "st" else None)
        assert needed is None or needed in permissions[trade["fund_account"], trade["exchange"]]
        level = levels[owners[trade["fund_account"]]]
        assert level >= (4 if needed else 3 if security["type"] == "stock" else 1)


def sales_respect_next_day(sample: Sample) -> None:
    for trades in by(sample["trades"], "fund_account", "exchange", "code").values():
        held: dict[str, int] = defaultdict(int)
        for trade in trades:
            if trade["side"] == "buy":
                held[trade["day"]] += int(trade["quantity"])
            else:
                assert int(trade["quantity"]) <= sum(n for day, n in held.items() if day < trade["day"])
                held["sold"] -= int(trade["quantity"])


def positions_are_trades(sample: Sample) -> None:
    assert sorted({p["day"] for p in sample["positions"]}) == sample["days"][-5:]
    bars = {(b["exchange"], b["code"], b["day"]): b for b in sample["bars"]}
    found = {(p["day"], p["fund_account"], p["exchange"], p["code"]): p for p in sample["positions"]}
    for day in sample["days"][-5:]:
        held = _held(sample["trades"], day)
        assert {key[1:] for key in found if key[0] == day} == set(held)
        for key, (quantity, bought) in held.items():
            row = found[(day, *key)]
            assert int(row["quantity"]) == quantity
            assert int(row["available"]) == quantity - (bought if key[2] != "511005" else 0)
            assert row["last_price"] == bars[(*key[1:], day)]["close"]
            assert number(row["market_value"]) == quantity * number(row["last_price"])
            assert Decimal("0.5") < number(row["cost_price"]) / number(row["last_price"]) < 2


def position_accounts_exist(sample: Sample) -> None:
    known = {(a["fund_account"], a["market"], a["account_no"]): a for a in sample["accounts"]}
    for row in sample["positions"]:
        account = known[row["fund_account"], row["exchange"], row["account_no"]]
        assert account["kind"] == ("credit_securities" if row["collateral"] == "1" else "securities")


def margin_sums(sample: Sample) -> None:
    rows = by(sample["margin"], "day", "credit_account")
    assert sorted({day for day, _ in rows}) == sample["days"][-5:]
    value = defaultdict(Decimal)
    for row in sample["positions"]:
        value[row["day"], row["fund_account"]] += number(row["market_value"])
    flows = by(sample["cashflows"], "fund_account")
    for (day, account), (total, *contracts) in rows.items():
        assert (total["row"], {c["row"] for c in contracts}) == ("account", {"contract"})
        debt = sum(number(c["outstanding"]) + number(c["interest"]) for c in contracts)
        assert number(total["debt"]) == debt > 0
        assert number(total["collateral_value"]) == value[day, account]
        assert total["cash"] == [f["balance_after"] for f in flows[account,] if f["day"] <= day][-1]
        ratio = (number(total["cash"]) + value[day, account]) / debt
        assert abs(ratio - number(total["ratio"])) <= Decimal("0.000001")
        assert number(total["warn_line"]) >= number(total["call_line"]) >= number(total["close_line"])
        assert all(c["opened_on"] <= day <= c["due_on"] for c in contracts)


def contracts_are_credit_purchases(sample: Sample) -> None:
    loans = [t for t in sample["trades"] if t["business"] == "credit_buy"]
    columns = ("fund_account", "exchange", "code", "day", "quantity", "net_amount")
    bought = sorted(tuple(t[column] for column in columns) for t in loans)
    for day in sample["days"][-5:]:
        contracts = [c for c in sample["margin"] if c["row"] == "contract" and c["day"] == day]
        names = ("credit_account", "exchange", "code", "opened_on", "quantity", "principal")
        assert sorted(tuple(c[name] for name in names) for c in contracts) == bought
        for contract in contracts:
            lent = (date.fromisoformat(day) - date.fromisoformat(contract["opened_on"])).days
            interest = _cents(number(contract["principal"]) * number(contract["rate"]) * lent / 360)
            assert number(contract["interest"]) == interest
            assert contract["outstanding"] == contract["principal"]


CHECKS = (
    cash_chain,
    trades_have_cash_legs,
    trades_priced_and_charged,
    trades_possible,
    special_boards_need_permission,
    sales_respect_next_day,
    positions_are_trades,
    position_accounts_exist,
    margin_sums,
    contracts_are_credit_purchases,
)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_EVEN)


def _held(trades: list[Row], day: str) -> dict[tuple[str, str, str], tuple[int, int]]:
    held: dict[tuple[str, str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for trade in trades:
        if trade["day"] <= day:
            key = trade["fund_account"], trade["exchange"], trade["code"]
            quantity = int(trade["quantity"]) * (1 if trade["side"] == "buy" else -1)
            total, bought = held[key]
            held[key] = total + quantity, bought + (max(0, quantity) if trade["day"] == day else 0)
    return {key: value for key, value in held.items() if value[0]}
