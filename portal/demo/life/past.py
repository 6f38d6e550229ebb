"""A history for the judge: so many days of files with what clients did on screen, without a lived morning.

plan = past.history(clients=1000, days=250, seed=7, last=day)
for kind, file in past.write(folder, plan): ...   # in import order, the last day's files at the end
truth.read(folder)                                # what hides behind them
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from portal.demo.life import files, truth
from portal.demo.life.plan import Plan
from portal.demo.life.world import World


def history(*, clients: int, days: int, seed: int, last: date) -> Plan:
    """Return the plan of a branch whose `days` trading days up to `last` (at least two) are told one by one.

    Raises ValueError when there are fewer.
    """
    if days < 2:
        raise ValueError(f"A history has at least two days, not {days}.")
    return Plan(clients=clients, days=1, seed=seed, last=last, seen=days - 1)


def write(folder: Path, plan: Plan, strategies: Sequence[str] = ()) -> list[tuple[str, Path]]:
    """This will write the files of a branch that nobody served, and its truth; return (kind, file) in import order."""
    world = World(plan)
    truth.tell(folder, plan, (one.resident for one in world.households), strategies)
    files.write_past(folder, world)
    files.write_day(folder, world, plan.last, plan.past()[-1])
    return files.written(folder, None) + files.written(folder, plan.last)
