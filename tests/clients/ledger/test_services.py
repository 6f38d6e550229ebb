"""The daily state that the record lets go once the lake has it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from clients.lake.mirroring import mirror_day
from clients.ledger.models import DroppedDay, MarginAccountDay, MarginContractDay, Position, ProductHolding, Trade
from clients.ledger.services import Pruned, prune_daily_state
from tests.clients.intake.lines import POSITION, TRADE
from tests.clients.intake.taking import NOW, Take
from tests.clients.ledger.test_holdings import HOLDING
from tests.clients.ledger.test_margin import CONTRACT, MARGIN
from tests.clients.market.takes import PRODUCT

FRIDAY, OLD = date(2026, 11, 20), date(2026, 11, 13)
DAYS = [date(2026, 11, day) for day in (12, 13, 16, 17, 18, 19, 20)]
DAILY = ("positions", "product_holdings", "margin_accounts", "margin_contracts")


def mirror(*tables: str) -> None:
    """Bring the lake up to the record."""
    mirror_day(day=FRIDAY, cutoff=datetime.now(UTC) + timedelta(days=1), tables=tables or DAILY)


def days(model: Any) -> list[date]:
    """The days of which the record has rows."""
    return sorted(set(model.objects.values_list("day", flat=True)))


def test_the_last_five_trading_days_stay_and_facts_stay(world: Take) -> None:
    world("products", [PRODUCT])
    world("positions", [POSITION | {"day": day} for day in DAYS])
    world("product_holdings", [HOLDING | {"day": day} for day in DAYS])
    world("margin", [row | {"day": day} for day in DAYS for row in (MARGIN, CONTRACT)])
    world("trades", [TRADE | {"day": "2026-11-12", "time": "2026-11-12T10:00:00"}])
    mirror()

    pruned = prune_daily_state(day=FRIDAY, now=NOW)

    assert pruned == Pruned(rows=8, kept={})
    for model in (Position, ProductHolding, MarginAccountDay, MarginContractDay):
        assert days(model) == DAYS[2:]
    assert Trade.objects.count() == 1
    assert prune_daily_state(day=FRIDAY, now=NOW) == Pruned()


def test_a_day_of_which_the_lake_lacks_a_single_row_stays_whole(world: Take) -> None:
    world("positions", [POSITION | {"day": day} for day in DAYS])
    mirror()
    world("positions", [POSITION | {"day": OLD, "cost_price": "1.0000"}])

    pruned = prune_daily_state(day=FRIDAY, now=NOW)

    assert pruned == Pruned(rows=1, kept={"positions": [OLD]})
    assert days(Position) == DAYS[1:]
    assert list(DroppedDay.objects.values_list("source", "day", "at")) == [("ledger_position", DAYS[0], NOW)]


def test_without_a_lake_nothing_goes(world: Take) -> None:
    world("positions", [POSITION | {"day": day} for day in DAYS])

    pruned = prune_daily_state(day=FRIDAY, now=NOW)

    assert pruned == Pruned(rows=0, kept={"positions": DAYS[:2]})
    assert days(Position) == DAYS
