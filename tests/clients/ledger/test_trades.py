"""Trades: each rule with a line that breaks it."""

from datetime import date
from decimal import Decimal

from clients.ledger.models import Trade
from clients.market.models import DailyBar, Security
from clients.register.models import Account
from tests.clients.intake.lines import FLOW, SALE, TRADE
from tests.clients.intake.taking import NOW, Take
from tests.clients.intake.world import ALICES

WRONG_TRADES = [
    ({"fund_account": "999"}, "E_NO_ACCOUNT", "fund_account"),
    ({"code": "699999"}, "E_NO_SECURITY", "code"),
    ({"exchange": "SZ"}, "E_NO_SECURITY", "code"),
    ({"code": "60051"}, "E_TYPE", "code"),
    ({"day": "2026-10-01", "time": "2026-10-01T10:00:00"}, "E_NOT_TRADING_DAY", "day"),
    ({"day": "2026-11-14", "time": "2026-11-14T10:00:00"}, "E_NOT_TRADING_DAY", "day"),
    ({"day": "2019-06-03", "time": "2019-06-03T10:00:00"}, "E_CLOSED", "fund_account"),
    ({"time": "2026-11-20T12:00:00"}, "E_RANGE", "time"),
    ({"time": "2026-11-20T09:14:59"}, "E_RANGE", "time"),
    ({"time": "2026-11-19T10:00:00"}, "E_RANGE", "time"),
    ({"quantity": "0"}, "E_RANGE", "quantity"),
    ({"quantity": "200"}, "E_ARITH", "amount"),
    ({"net_amount": "145037.72"}, "E_ARITH", "net_amount"),
    ({"net_amount": "144962.30"}, "E_ARITH", "net_amount"),
    ({"stamp_tax": "1.00", "net_amount": "145038.70"}, "E_ARITH", "stamp_tax"),
    ({"currency": "yuan"}, "E_TYPE", "currency"),
    ({"channel": "fax"}, "E_ENUM", "channel"),
]
GOOD_TRADES = [
    {},
    {"net_amount": "145037.71"},  # a fen more or less is rounding
    {"trade_no": "2", "time": "2026-11-20T09:15:00"},
    {"time": "2026-11-20T15:30:00"},
    {"side": "sell", "stamp_tax": "72.50", "net_amount": "144889.80"},
    {"side": "sell", "stamp_tax": "0.00", "net_amount": "145037.70", "reversal_of": "1"},
    {"business": "ipo", "side": "allot", "time": "2026-11-20T20:00:00"},
    {"accrued": "10.00", "amount": "145010.00", "net_amount": "145047.70"},
    {"fx": "0.9", "net_amount": "130537.70"},
    {"exchange": "SZ", "code": "300750"},
]


def test_each_wrong_trade_is_rejected_for_its_own_reason(world: Take) -> None:
    rows = [TRADE | {"trade_no": str(i)} | change for i, (change, _code, _column) in enumerate(WRONG_TRADES)]

    taken = world("trades", rows)

    found = {line: (code, column) for line, code, column in taken.codes}
    assert found == {i: (code, column) for i, (_change, code, column) in enumerate(WRONG_TRADES, 2)}
    assert taken.counts == (0, 0, len(rows))
    assert not Trade.objects.exists()


def test_every_kind_of_good_trade_is_taken(world: Take) -> None:
    rows = [TRADE | {"trade_no": str(i)} | change for i, change in enumerate(GOOD_TRADES, 10)]

    taken = world("trades", rows)

    assert taken.rejects == []
    assert taken.counts == (len(rows), 0, 0)


def test_a_trade_is_kept_as_it_was_written(world: Take) -> None:
    world("trades", [SALE | {"order_no": "O1"}])

    trade = Trade.objects.select_related("account", "client", "security").get()
    assert (trade.day, trade.account.account_no, trade.client.client_no) == (date(2026, 11, 20), ALICES, "C0000001")
    assert (trade.security.symbol, trade.exchange, trade.side, trade.order_no) == ("600519.SH", "SH", "sell", "O1")
    assert trade.time.isoformat() == "2026-11-20T02:02:31+00:00"
    assert (trade.quantity, trade.price, trade.net_amount) == (100, Decimal("1450.0000"), Decimal("144889.80"))
    assert (trade.accrued, trade.fx, trade.reversal_of) == (None, None, "")


def test_a_trade_never_changes_and_a_column_left_out_is_no_change(world: Take) -> None:
    world("trades", [TRADE | {"order_no": "O1"}])

    taken = world("trades", [TRADE, TRADE | {"side": "sell", "net_amount": "144962.30"}])
    changed = world("trades", [TRADE | {"order_no": "O2"}])

    assert taken.counts == (1, 1, 0)
    assert changed.codes == [(2, "E_CONFLICT", "")]
    assert Trade.objects.get(side="buy").order_no == "O1"


def test_the_limits_of_the_day_hold_when_the_bar_is_known(world: Take) -> None:
    bar = {"close": 1500, "volume": 1, "limit_up": Decimal("1449.99"), "limit_down": 1200, "status": "trading"}
    DailyBar.objects.create(security=Security.objects.get(code="600519"), day=date(2026, 11, 20), **bar)

    above = world("trades", [TRADE])
    DailyBar.objects.update(status="no_limit")
    free = world("trades", [TRADE])

    assert above.codes == [(2, "E_RANGE", "price")]
    assert above.rejects[0]["message"] == "the limits of the day are 1200.0000 to 1449.9900"
    assert free.counts == (1, 0, 0)


def test_a_closed_account_takes_trades_of_the_days_it_was_open(world: Take) -> None:
    Account.objects.filter(account_no=ALICES, kind="fund").update(status="closed", closed_on=date(2026, 11, 19))
    before = TRADE | {"day": "2026-11-19", "time": "2026-11-19T10:00:00"}

    taken = world("trades", [TRADE, before])

    assert taken.codes == [(2, "E_CLOSED", "fund_account")]
    assert taken.counts == (1, 0, 1)


def test_a_provisional_day_is_no_day_for_facts(world: Take) -> None:
    later = NOW.replace(year=2027, month=3)

    taken = world("trades", [TRADE | {"day": "2027-02-26", "time": "2027-02-26T10:00:00"}], now=later)
    flow = world("cashflows", [FLOW | {"day": "2027-02-26", "time": ""}], now=later)

    assert [taken.codes, flow.codes] == [[(2, "E_NOT_TRADING_DAY", "day")]] * 2
