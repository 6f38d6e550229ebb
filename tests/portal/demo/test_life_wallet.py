"""A wallet's movements: told by time, each balance follows the one before, in whatever order the deeds were done."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from portal.demo.life.wallet import Wallet
from portal.demo.sample.book import ZERO, Flow
from portal.demo.sample.listing import LISTINGS

DAY = date(2026, 10, 22)
SHARE = next(listing for listing in LISTINGS if listing.stock)
DEEDS = ("deposit", "withdraw", "dividend", "buy", "sell", "subscribe", "custody")


def wallet(seed: int) -> Wallet:
    """One with money and shares of the day before."""
    one = Wallet("100000033", Decimal("0.0003"), "工商银行")
    one.wake(date(2026, 10, 21), Random(seed))
    one.deposit(Decimal(500_000))
    one.buy(SHARE, 10_000, 1000)
    one.sleep()
    one.wake(DAY, Random(seed))
    return one


def do(one: Wallet, deed: str) -> None:
    match deed:
        case "deposit":
            one.deposit(Decimal(1600))
        case "withdraw":
            one.withdraw(Decimal(1000))
        case "dividend":
            one.dividend(SHARE, 1000)
        case "buy":
            one.buy(SHARE, 100, 1000)
        case "sell":
            one.sell(SHARE, 100, 1000)
        case "subscribe":
            one.subscribe("DEMO01", Decimal(2000), Decimal("1.02"))
        case "custody":
            one.custody(SHARE, 100, Decimal(1000))


def told(one: Wallet) -> list[Flow]:
    """The movements of money as files tell them."""
    return sorted((flow for flow in one.flows if flow.kind != "custody_in"), key=lambda flow: flow.at)


@given(st.integers(0, 99), st.lists(st.sampled_from(DEEDS), max_size=4))
def test_each_balance_follows_the_one_before_whatever_was_done_first(seed: int, deeds: list[str]) -> None:
    one = wallet(seed)
    start = one.cash

    for deed in deeds:
        do(one, deed)

    flows = told(one)
    assert [flow.balance for flow in flows[:1]] == [start + flow.amount for flow in flows[:1]]
    assert [later.balance - before.balance for before, later in pairwise(flows)] == [flow.amount for flow in flows[1:]]
    assert start + sum((flow.amount for flow in flows), ZERO) == one.cash


def test_money_that_comes_after_an_order_bears_no_earlier_time() -> None:
    one = wallet(7)

    bought = one.buy(SHARE, 100, 1000)
    one.deposit(Decimal(1600))

    assert [(flow.kind, flow.at) for flow in told(one)] == [("buy", bought.at), ("bank_in", bought.at)]


def test_a_new_day_begins_before_its_session() -> None:
    one = wallet(7)

    one.deposit(Decimal(1600))

    [flow] = told(one)
    assert (flow.at.date(), flow.at.hour) == (DAY, 9)
