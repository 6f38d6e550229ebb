"""How much work people can take on a day: written before the strategies run, read by arbitration (STRATEGY 6)."""

from collections.abc import Iterable, Sequence
from datetime import date, time

from django.db import transaction

from advisory.dispatch import selectors
from advisory.dispatch.selectors import Seat
from clients.market.calendar import calendar
from clients.org import pools
from clients.shared import clock
from kpm.strategies.models import CapacityBudget

NOON = time(12)


@transaction.atomic
def write_budgets(*, day: date) -> dict[str, int]:
    """This will write what every person and every pool can take on a day of work; what was set by hand stays.

    A person has his tasks a day, less the open work that he had before the data of the day before came, none while he
    is away: so the same day writes the same, also when its tasks were given meanwhile. A branch's pool has what its
    people have, less what waits in it for nobody by name; a branch without advisers has those of the house. Returns
    the budgets by name: `staff:<id>` and pools.
    """
    before = calendar().shift(day, -1)
    noon = clock.at_shanghai(day, NOON)
    seats, waiting = selectors.seats(noon, before), selectors.waiting_in_pools(noon, before)
    free = {pools.of_person(seat.staff_id): seat.free for seat in seats if seat.handler == pools.MANAGER}
    for pool, room in _pools(seats).items():
        free[pool] = max(room - waiting.get(pool, 0), 0)
    _write(day, free)
    return free


def _pools(seats: Sequence[Seat]) -> dict[str, int]:
    """What the people of each pool can take, of every pool that a hit may need: no row would mean no limit.

    A person with two roles gives to both: the tasks come to one desk.
    """
    rooms = {pools.CALL_CENTRE: _room(seats, pools.CALL_CENTRE)}
    for code in selectors.branch_codes():
        rooms[pools.of_team(pools.MANAGER, code)] = _room(seats, pools.MANAGER, code)
        rooms[pools.of_team(pools.ADVISER, code)] = _room(seats, pools.ADVISER, code) or _room(seats, pools.ADVISER)
    return rooms


def _room(seats: Iterable[Seat], handler: str, branch: str = "") -> int:
    return sum(seat.free for seat in seats if seat.handler == handler and branch in ("", seat.branch_code))


def _write(day: date, free: dict[str, int]) -> None:
    by_hand = set(CapacityBudget.objects.filter(day=day, fixed=True).values_list("pool", flat=True))
    CapacityBudget.objects.filter(day=day, fixed=False).exclude(pool__in=free).delete()
    mine = sorted((pool, room) for pool, room in free.items() if pool not in by_hand)
    CapacityBudget.objects.bulk_create(
        [CapacityBudget(day=day, pool=pool, capacity=room) for pool, room in mine],
        update_conflicts=True,
        unique_fields=["day", "pool"],
        update_fields=["capacity"],
    )
