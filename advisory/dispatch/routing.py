"""Who gets a task: a pure decision over plain facts, with its reasons (DESK 6)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from clients.org import pools


@dataclass(frozen=True)
class Candidate:
    """A person who could take the work; `load` is his open work."""

    staff_id: int
    branch_id: int
    licensed: bool
    load: int


@dataclass(frozen=True)
class Route:
    """The decision: a person, else a pool; `reasons` says in order what was tried."""

    staff_id: int | None
    pool: str
    reasons: list[str] = field(default_factory=list)


def route(
    *, handler: str, branch_id: int, branch_code: str, manager_id: int | None, people: Sequence[Candidate]
) -> Route:
    """Decide for one task: the client's valid manager, else the least loaded licensed adviser, else a pool.

    A manager's work falls back to the branch pool; adviser work goes only to licensed advisers, those of the branch
    first; what nobody can take by name waits in a pool.
    """
    if handler == pools.CALL_CENTRE:
        return Route(None, pools.CALL_CENTRE, ["call-centre work"])
    if handler == pools.ADVISER:
        return _adviser(branch_id, branch_code, manager_id, people)
    manager = next((person for person in people if person.staff_id == manager_id), None)
    if manager:
        return Route(manager.staff_id, pools.of_team(handler, branch_code), ["the client's manager"])
    return Route(None, pools.of_team(handler, branch_code), ["no valid manager", "branch pool"])


def _adviser(branch_id: int, branch_code: str, manager_id: int | None, people: Sequence[Candidate]) -> Route:
    pool = pools.of_team(pools.ADVISER, branch_code)
    licensed = [person for person in people if person.licensed]
    own = next((person for person in licensed if person.staff_id == manager_id), None)
    if own:
        return Route(own.staff_id, pool, ["the client's manager is a licensed adviser"])
    near = [person for person in licensed if person.branch_id == branch_id]
    chosen = min(near or licensed, key=lambda person: (person.load, person.staff_id), default=None)
    if chosen is None:
        return Route(None, pool, ["nobody licensed", "adviser pool"])
    where = "of the branch" if near else "of another branch"
    return Route(chosen.staff_id, pool, [f"least loaded licensed adviser {where}"])
