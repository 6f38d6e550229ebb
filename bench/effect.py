"""`bench effect`: what the states of effects say about simulated versions of which the truth is known.

    run(clients=500) -> Result      # so many versions of each kind, of 120 trading days at most

`false_works` and `false_harmful` are shares of versions without any effect (A/A) of which a night ever said so;
`naive_works` is the same where the plain interval is looked at every night, the peer. `coverage` is the share of
versions with an effect whose interval of 95 % at the end holds it, `coverage_adjusted` that of the difference within
groups of clients, `coverage_daily` the share whose daily interval held it on every single night. Of draws of which a
third is held out instead of a fifth `ratio_found` are found out, of right ones `ratio_false` are accused.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from time import process_time
from typing import Any

from bench.result import Result
from kpm.outcomes.comparing import Cell, at_limit, discoveries, p_value, sample, stratified
from kpm.outcomes.figures import figures
from kpm.outcomes.formulas import Arm, newcombe, sample_ratio
from kpm.outcomes.models import EffectSnapshot
from kpm.outcomes.verdicts import Look, Plan, Shown, daily_interval, due, state_of

NAME, TITLE = "effect", "false alarms and coverage of effects, against looking at a plain interval every night"
VERSIONS, SEED, MONTH, NIGHTS, PACE = 500, 20260107, 21, 120, 80  # trading days of a month, at most, to fill a plan
EFFECTS = (0.02, 0.03, 0.05, 0.08)
GROUPS = (-0.03, 0.0, 0.04)  # by how much the base rates of groups of clients differ
State = EffectSnapshot.State


@dataclass
class Version:
    """One simulated version: what is true of it, what it has shown, and what was ever said of it."""

    random: Random
    base: float
    effect: float
    share: float
    plan: Plan
    cells: list[Cell] = field(default_factory=lambda: [(Arm(0, 0), Arm(0, 0)) for _group in GROUPS])
    shown: Shown = field(default_factory=Shown)
    last: tuple[float, int, float] | None = None  # the newest look: its share, its month, its p
    said: set[str] = field(default_factory=set)

    @property
    def full(self) -> bool:
        """Whether the plan is full."""
        return self.shown.known >= self.plan.sample

    def lives(self, night: int) -> None:
        """A day of outcomes."""
        for _one in range(max(self.plan.sample // PACE, 1)):
            group, held = self.random.randrange(len(GROUPS)), self.random.random() < self.share
            chance = self.base + GROUPS[group] + (0 if held else self.effect)
            self._count(group, held=held, reached=self.random.random() < chance)
        sums = [Arm(sum(cell[i].n for cell in self.cells), sum(cell[i].x for cell in self.cells)) for i in (0, 1)]
        self.shown = replace(self.shown, treated=sums[0], held=sums[1], days=night, daily=self.plan.sample / PACE)

    def _count(self, group: int, *, held: bool, reached: bool) -> None:
        pair = list(self.cells[group])
        pair[held] = Arm(pair[held].n + 1, pair[held].x + reached)
        self.cells[group] = (pair[0], pair[1])

    def looks(self, night: int) -> None:
        """Look, where the plan has come to a look."""
        known = figures()
        share = due(self.plan, self.shown.known, self.last[0] if self.last else 0.0, known.looks)
        within = stratified(self.cells, least=known.stratum_least)
        if share is not None and within is not None:
            self.last = (share, night // MONTH, p_value(*within))
            self.shown = replace(self.shown, look=Look(share, at_limit(*within, known.looks[share]), passed=False))

    def hears(self, kept: bool) -> None:
        """What this night says of it."""
        if self.shown.look:
            self.shown = replace(self.shown, look=replace(self.shown.look, passed=kept))
        self.said.add(state_of(self.plan, self.shown, figures()))
        plain = newcombe(self.shown.treated, self.shown.held)
        if plain and self.shown.smaller >= figures().least_outcomes and plain.lower > 0:
            self.said.add("naive")
        daily = daily_interval(self.plan, self.shown, figures())
        if daily and not daily.lower <= self.effect <= daily.upper:
            self.said.add("missed")


def run(*, clients: int | None = None) -> Result:
    """Live all versions night by night, those without an effect and those with one; `clients` is how many of each."""
    many, began = clients or VERSIONS, process_time()
    none, some = _lived([0.0], many, SEED), _lived(EFFECTS, many, SEED + 1)
    return Result(
        NAME,
        ratios={
            "false_works": _share(none, State.WORKS),
            "false_harmful": _share(none, State.HARMFUL),
            "naive_works": _share(none, "naive"),
            **_covered(some),
            "coverage_daily": round(1 - _share(some, "missed"), 4),
            **_drawn(many),
        },
        cpu_s={"all": round(process_time() - began, 2)},
        facts={
            "versions": many,
            "works": {f"{e:+.0%}": _share([v for v in some if v.effect == e], State.WORKS) for e in EFFECTS},
        },
    )


def _lived(effects: tuple[float, ...] | list[float], many: int, seed: int) -> list[Version]:
    versions = list(_born(effects, many, seed))
    for night in range(1, NIGHTS + 1):
        going = [version for version in versions if not version.full]
        for version in going:
            version.lives(night)
            version.looks(night)
        kept = _kept(versions)
        for version in going:
            version.hears(id(version) in kept)
    return versions


def _born(effects: tuple[float, ...] | list[float], many: int, seed: int) -> Iterator[Version]:
    asked = figures().plan
    for number in range(many):
        random = Random(f"{seed}-{number}")  # noqa: S311
        base, share = random.uniform(0.05, 0.15), random.choice((0.1, 0.2, 0.3))
        plan = Plan(asked["mde"], sample(base, asked["mde"], share), int(asked["min_days"]))
        yield Version(random, base, effects[number % len(effects)], share, plan)


def _kept(versions: list[Version]) -> set[int]:
    """Those whose newest look stays beside all others of its month."""
    months: dict[int, dict[int, float]] = {}
    for version in versions:
        if version.last:
            months.setdefault(version.last[1], {})[id(version)] = version.last[2]
    return {key for looked in months.values() for key in discoveries(looked, figures().false_discoveries)}


def _share(versions: list[Version], said: str) -> float:
    return round(sum(said in version.said for version in versions) / max(len(versions), 1), 4)


def _covered(versions: list[Version]) -> Mapping[str, float]:
    plain = [newcombe(version.shown.treated, version.shown.held) for version in versions]
    within = [stratified(version.cells, least=figures().stratum_least) for version in versions]
    pairs = {"coverage": plain, "coverage_adjusted": [found and found[0] for found in within]}
    return {name: _held(versions, found) for name, found in pairs.items()}


def _held(versions: list[Version], found: list[Any]) -> float:
    pairs = zip(versions, found, strict=True)
    return round(sum(bool(f and f.lower <= v.effect <= f.upper) for v, f in pairs) / max(len(versions), 1), 4)


def _drawn(many: int) -> Mapping[str, float]:
    """Of draws of 1,000 clients with a fifth planned: how often a third is found out, and a fifth accused."""
    random, least = Random(SEED), figures().unhealthy_p  # noqa: S311
    found = {"ratio_found": 1 / 3, "ratio_false": 0.2}
    return {name: round(sum(_uneven(random, share) < least for _one in range(many)) / many, 4)
            for name, share in found.items()}  # fmt: skip


def _uneven(random: Random, share: float) -> float:
    held = sum(random.random() < share for _one in range(1000))
    return sample_ratio(1000 - held, held, 0.2)
