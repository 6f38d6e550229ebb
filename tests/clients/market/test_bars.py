"""Bars: facts of a closed day, what is derived, what an adjusted series may do."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from clients.market.models import DailyBar, Quote, Security
from tests.clients.intake.taking import Take
from tests.clients.intake.world import security
from tests.clients.market.takes import BAR, QUOTE

LEAN = {name: BAR[name] for name in ("code", "day", "open", "high", "low", "close", "volume")}


@pytest.fixture
def market(take: Take) -> Take:
    security("SH", "600519", "main")
    return take


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        ({"low": "1441.00"}, "E_ORDER", "low"),
        ({"high": "1449.00"}, "E_ORDER", "high"),
        ({"high": "1582.03"}, "E_RANGE", "high"),
        ({"low": "1294.37"}, "E_RANGE", "low"),
        ({"status": "suspended"}, "E_ARITH", "volume"),
        ({"code": "600520"}, "E_NO_SECURITY", "code"),
        ({"day": "2026-11-15"}, "E_NOT_TRADING_DAY", "day"),
        ({"day": "2026-11-23"}, "E_FUTURE", "day"),
        ({"exchange": "", "code": "600520"}, "E_REQUIRED", "exchange"),
        ({"close": "0"}, "E_RANGE", "close"),
    ],
)
def test_each_wrong_bar_is_rejected_for_its_own_reason(
    market: Take, change: dict[str, str], code: str, column: str
) -> None:
    taken = market("bars", [BAR | change])

    assert (2, code, column) in taken.codes
    assert not DailyBar.objects.exists()


def test_a_suspended_day_has_the_close_of_the_day_before(market: Take) -> None:
    still = {"open": "", "high": "", "low": "", "close": "1438.20", "volume": "0", "amount": "0", "status": "suspended"}

    good, wrong = market("bars", [BAR | still]), market("bars", [BAR | still | {"close": "1438.21"}])

    assert good.counts == (1, 0, 0)
    assert wrong.codes == [(2, "E_ARITH", "close")]


def test_a_bar_of_a_closed_day_never_changes_but_its_factor_may(market: Take) -> None:
    market("bars", [BAR])

    changed = market("bars", [BAR | {"close": "1450.01"}])
    adjusted = market("bars", [BAR | {"adj_factor": "1.020000"}])

    assert changed.codes == [(2, "E_CONFLICT", "")]
    assert adjusted.counts == (1, 0, 0)
    assert DailyBar.objects.values_list("close", "adj_factor").get() == (Decimal("1450.0000"), Decimal("1.02"))


def test_while_its_day_is_open_a_bar_is_replaced(market: Take) -> None:
    noon = datetime(2026, 11, 20, 4, tzinfo=UTC)
    market("bars", [BAR], now=noon)

    taken = market("bars", [BAR | {"close": "1451.00"}], now=noon)

    assert taken.counts == (1, 0, 0)
    assert DailyBar.objects.get().close == Decimal("1451.0000")


def test_what_a_lean_file_leaves_out_is_derived_and_said(market: Take) -> None:
    Security.objects.update(list_date=date(2026, 11, 18))
    rows = [LEAN | {"day": "2026-11-18", "close": "1438.20"}, LEAN | {"day": "2026-11-19", "volume": "0"}, LEAN]

    taken = market("bars", rows)

    assert taken.counts == (3, 0, 0)
    assert taken.outcome.notes == {
        "exchange derived: the code stands in the master once": 3,
        "previous close derived from the bar before": 2,
        "amount derived from volume and the mean price": 3,
        "status derived from volume and the day of listing": 3,
    }
    rows = DailyBar.objects.order_by("day").values_list("prev_close", "status", "amount")
    assert list(rows) == [
        (None, "first_day", Decimal("3332810250.00")),
        (Decimal("1438.2000"), "suspended", Decimal("0.00")),
        (Decimal("1450.0000"), "trading", Decimal("3339624750.00")),
    ]
    assert market("bars", [LEAN]).counts == (0, 1, 0)


def test_a_code_that_two_exchanges_have_needs_its_exchange(market: Take) -> None:
    security("SZ", "600519", "main")

    assert market("bars", [LEAN]).codes == [(2, "E_REQUIRED", "exchange")]


def test_adjusted_bars_have_no_limit_and_their_jumps_are_flagged(market: Take) -> None:
    before = BAR | {"day": "2026-11-19", "close": "1450.00"}
    jump = BAR | {"open": "700", "high": "700", "low": "700", "close": "700.00", "prev_close": "", "adj_factor": ""}

    taken = market("bars", [before, jump], sets=["adjusted=1"])

    assert taken.counts == (2, 0, 0)
    assert taken.outcome.notes["jumps flagged: the move is larger than the board allows"] == 1
    assert list(DailyBar.objects.order_by("day").values_list("jump", flat=True)) == [False, True]


def test_a_scaled_volume_is_multiplied_and_may_be_a_float(market: Take) -> None:
    rows = [LEAN | {"volume": "23100.5"}, LEAN | {"day": "2026-11-19", "volume": "5.87e-39"}]

    taken = market("bars", rows, scales=["volume=100"])

    assert taken.counts == (2, 0, 0)
    assert list(DailyBar.objects.order_by("day").values_list("volume", flat=True)) == [0, Decimal("2310050")]


def test_the_chain_of_closes_breaks_only_where_the_factor_says_it_is_no_ex_date(market: Take) -> None:
    before = BAR | {"day": "2026-11-19", "close": "1440.00"}

    broken = market("bars", [before, BAR])
    ex_date = market("bars", [BAR | {"adj_factor": "1.010000"}])

    assert broken.codes == [(3, "E_ARITH", "prev_close")]
    assert broken.rejects[0]["message"].startswith("the close of the day before was 1440.0000")
    assert ex_date.counts == (1, 0, 0)
    assert [count for text, count in ex_date.outcome.notes.items() if text.startswith("previous close is not")] == [1]


def test_the_newest_quote_stands_and_older_lines_change_nothing(market: Take) -> None:
    later = QUOTE | {"at": "2026-11-20T14:31:00", "last": "1452.00"}

    first, older = market("quotes", [QUOTE, later]), market("quotes", [QUOTE])

    assert (first.counts, older.counts) == ((1, 1, 0), (0, 1, 0))
    assert Quote.objects.get().last == Decimal("1452.0000")


@pytest.mark.parametrize(
    ("at", "code"),
    [
        ("2026-11-20T20:00:01", "E_FUTURE"),
        ("2026-11-20T12:30:00", "E_RANGE"),
        ("2026-11-15T10:00:00", "E_NOT_TRADING_DAY"),
    ],
)
def test_a_quote_outside_the_session_is_rejected(market: Take, at: str, code: str) -> None:
    assert (2, code, "at") in market("quotes", [QUOTE | {"at": at}]).codes
    assert not Quote.objects.exists()
