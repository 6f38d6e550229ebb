"""How much work people can take on a day: written before the strategies run, read by arbitration (STRATEGY 6)."""

from collections.abc import Iterable
from datetime import date, time

from django.db import transaction

from advisory.dispatch import selectors
from advisory.dispatch.selectors import Seat
from clients.shared import clock
from kpm.strategies.models import CapacityBudget

CALL_CENTRE = "call_centre"
NOON = time(12)


@transaction.atomic
def write_budgets(*, day: date) -> dict[str, int]:
    """This will write what every person and every pool can take on a day of work; what was set by hand stays.

    A person has his tasks a day, less his open work, none while he is away. A branch's pool has what its people have,
    less what waits in it for nobody by name. Returns the budgets by name: `staff:<id>` and pools.
    """
    seats = selectors.seats(clock.at_shanghai(day, NOON))
    waiting = selectors.waiting_in_pools()
    free = {f"staff:{seat.staff_id}": seat.free for seat in seats if seat.handler == "client_manager"}
    for pool, room in _pools(seats).items():
        free[pool] = max(room - waiting.get(pool, 0), 0)
    _write(day, free)
    return free


def _pools(seats: Iterable[Seat]) -> dict[str, int]:
    """What the people of each pool can take; a person with two roles gives to both: the tasks come to one desk."""
    rooms: dict[str, int] = {}
    for seat in seats:
        pool = CALL_CENTRE if seat.handler == CALL_CENTRE else f"{seat.handler}:{seat.branch_code}"
        rooms[pool] = rooms.get(pool, 0) + seat.free
    return rooms


def _write(day: date, free: dict[str, int]) -> None:
    by_hand = set(CapacityBudget.objects.filter(day=day, fixed=True).values_list("pool", flat=True))
    CapacityBudget.objects.filter(day=day, fixed=False).exclude(pool__in=free).delete()
    CapacityBudget.objects.bulk_create(
        [
            CapacityBudget(day=day, pool=pool, capacity=room)
            for pool, room in sorted(free.items())
            if pool not in by_hand
        ],
        update_conflicts=True,
        unique_fields=["day", "pool"],
        update_fields=["capacity"],
    )
