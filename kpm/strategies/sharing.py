"""Whose work the hits of a version would be, against what people and teams can still take: a part of its estimate.

As in a run a hit needs a slot of its client's manager, where he has a budget of his own, and one of his team's.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from clients.market.calendar import calendar
from clients.org import pools
from clients.org.models import Staff
from kpm.strategies import naming
from kpm.strategies.backtesting.figures import figures
from kpm.strategies.contact import MAY_BE_STOPPED, TASKS
from kpm.strategies.models import Run, StrategyVersion
from kpm.strategies.studio.selectors import budgets, stronger_for, stronger_in

Sums = defaultdict[str, float]


@dataclass(frozen=True)
class Coming:
    """How many hits (on average, so not in whole ones) come to a branch and a client manager."""

    branch: str
    manager: int | None
    hits: float


@dataclass(frozen=True)
class Share:
    """What somebody could take of the work: hits that come to him, slots left (None: no limit), hits that get one."""

    name: str
    hits: int
    room: int | None
    wins: int


@dataclass(frozen=True)
class _Slots:
    """Slots left by pool and person; who is not in it has no limit."""

    left: Mapping[str, int]

    def wins(self, name: str, hits: float) -> float:
        return min(hits, self.left.get(name, hits))

    def share(self, name: str, said: str, hits: float, wins: float) -> Share:
        return Share(said, round(hits), self.left.get(name), round(wins))


def shared(
    version: StrategyVersion, coming: Sequence[Coming], *, day: date, night: Run, score: float
) -> tuple[tuple[Share, ...], tuple[Share, ...]]:
    """Return the shares of the teams, and of the busiest managers whose work it would be.

    Each gives its slots to the stronger first. Hits that are no work for a person come to a team without a name.
    """
    teams = {one: _team(version, one) for one in coming}
    people = {
        one: pools.of_person(one.manager) for one in coming if one.manager is not None and _of_managers(teams[one])
    }
    slots = _Slots(_left(version, {*teams.values(), *people.values()}, day=day, night=night, score=score))
    to_team, past_person, to_person = _sums(coming, teams, people, slots)
    names = _names(people)
    listed = sorted(to_person, key=lambda name: (-to_person[name], name))[: figures().busiest]
    return (
        tuple(
            slots.share(pool, naming.pool(pool) if pool else "", to_team[pool], slots.wins(pool, past_person[pool]))
            for pool in sorted(to_team)
        ),
        tuple(slots.share(name, names[name], to_person[name], slots.wins(name, to_person[name])) for name in listed),
    )


def _team(version: StrategyVersion, one: Coming) -> str:
    return pools.of_team(version.handler, one.branch) if version.action in TASKS else ""


def _of_managers(team: str) -> bool:
    return team.startswith(f"{pools.MANAGER}:")


def _left(version: StrategyVersion, names: Iterable[str], *, day: date, night: Run, score: float) -> dict[str, int]:
    if version.purpose not in MAY_BE_STOPPED:
        return {}
    slots = budgets(calendar().shift(day, 1), set(names))
    taken = stronger_in(night, slots, score=score, but=version.strategy_id)
    taken |= stronger_for(night, slots, score=score, but=version.strategy_id)
    return {name: max(n - taken.get(name, 0), 0) for name, n in slots.items()}


def _sums(
    coming: Iterable[Coming], teams: Mapping[Coming, str], people: Mapping[Coming, str], slots: _Slots
) -> tuple[Sums, Sums, Sums]:
    """Hits by team, those of them that find room with their person, and hits by person."""
    to_person: Sums = defaultdict(float)
    to_team: Sums = defaultdict(float)
    past_person: Sums = defaultdict(float)
    for one, person in people.items():
        to_person[person] += one.hits
    for one in coming:
        to_team[teams[one]] += one.hits
        whole = to_person[people[one]] if one in people else 0
        part = slots.wins(people[one], whole) / whole if whole else 1
        past_person[teams[one]] += one.hits * part
    return to_team, past_person, to_person


def _names(people: Mapping[Coming, str]) -> dict[str, str]:
    named = dict(Staff.objects.filter(pk__in={one.manager for one in people}).values_list("pk", "name"))
    return {name: named.get(one.manager or 0, name) for one, name in people.items()}
