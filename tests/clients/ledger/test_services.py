"""The daily state that the record lets go."""

from datetime import date

from clients.ledger.models import Position, Trade
from clients.ledger.services import prune_positions
from tests.clients.intake.lines import POSITION, TRADE
from tests.clients.intake.taking import Take


def test_old_days_go_and_facts_stay(world: Take) -> None:
    world("positions", [POSITION | {"day": f"2026-11-{day}"} for day in (17, 18, 19, 20)])
    world("trades", [TRADE | {"day": "2026-11-17", "time": "2026-11-17T10:00:00"}])

    gone = prune_positions(keep_from=date(2026, 11, 19))

    assert gone == 2
    assert sorted(Position.objects.values_list("day__day", flat=True)) == [19, 20]
    assert Trade.objects.count() == 1
