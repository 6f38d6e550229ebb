"""`bench pilots`: what the gates of rollouts do with simulated versions of which the truth is known.

    run(clients=200) -> Result      # so many versions of each kind

A version is rolled out by the plan that a draft begins with, at the word of an approver who always says yes, and then
lives. Each night it is judged by the rules of the night: `rollouts.decide` while it is rolled out, `verdicts.state_of`
all along. `stopped_effect` is the share of versions that cost 8 points of their goal, `stopped_complaints` of those of
which three times as many clients complain as usual, which were stopped before a tenth of their planned exposure: the
clients served in the rollout at its quickest and in LIVE trading days after it. `…_in_time` says how many of them were
stopped before their last step began. `promoted` is the share of versions without any effect (A/A) that ever were said
to work. Their truth is known to this file alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from random import Random
from time import process_time

from bench.result import Result
from kpm.outcomes.comparing import at_limit, discoveries, p_value, sample, stratified
from kpm.outcomes.figures import figures
from kpm.outcomes.formulas import Arm, sample_ratio
from kpm.outcomes.models import EffectSnapshot
from kpm.outcomes.rollouts import Answer, Facts, crossed, decide, doubts
from kpm.outcomes.verdicts import Health, Look, Plan, Shown, daily_interval, due, state_of
from kpm.strategies.figures import launch
from kpm.strategies.models import RolloutStep

NAME, TITLE = (
    "pilots",
    "versions that do harm are stopped by the gates of their rollout, those without effect not praised",
)
VERSIONS, SEED = 200, 20260211
DAILY = 400  # clients matched a trading day in the whole company
WINDOW = 10  # trading days until the goal of a client is known
LIVE = 60  # trading days of the planned exposure after the rollout
LIVE_HELD = 0.1  # held out once it lives
BASE, HARM = 0.15, -0.08  # clients who reach the goal untreated, and what the harmful version does to that
ANSWERED, COMPLAINTS = 0.6, 0.007  # clients served who answer; of these, who usually complain
WORSE = 3  # times as many complain of the harmful version
TENTH = 0.1
Day = tuple[int, int, int, int]  # treated, of them reached, held out, of them reached


@dataclass(frozen=True)
class Truth:
    """What only the simulation knows of a version."""

    effect: float = 0.0
    complaints: float = COMPLAINTS


@dataclass
class Version:
    """One simulated version: where its rollout stands, what it has shown, what was said of it."""

    truth: Truth
    random: Random
    at: int = 0  # which step runs; one more than the last when it is live everywhere
    since: int = 0
    days: list[Day] = field(default_factory=list)
    expected: float = 0.0  # clients who should be held out, by the share of their day
    served: int = 0  # in this step
    exposed: int = 0
    said: dict[str, int] = field(default_factory=lambda: {"answered": 0, "complaint": 0})
    look: Look | None = None
    stopped: bool = False
    works: bool = False

    @cached_property
    def plan(self) -> Plan:
        """The plan of measuring that its first night fixes."""
        asked = figures().plan
        return Plan(asked["mde"], sample(BASE, asked["mde"], _held(0)), int(asked["min_days"]))

    def lives(self) -> None:
        """Draw the clients of a day, treat them, and hear who complains."""
        n, share = round(DAILY * _share(self.at)), _held(self.at)
        held = self._drawn(n, share)
        treated = n - held
        reached = self._drawn(treated, BASE + self.truth.effect), self._drawn(held, BASE)
        self.days.append((treated, reached[0], held, reached[1]))
        self.expected += n * share
        self.served, self.exposed = self.served + treated, self.exposed + treated
        answered = self._drawn(treated, ANSWERED)
        self.said["answered"] += answered
        self.said["complaint"] += self._drawn(answered, self.truth.complaints)

    def _drawn(self, n: int, chance: float) -> int:
        return sum(self.random.random() < chance for _one in range(n))

    def judged(self, night: int) -> None:
        """What the night concludes, and what follows."""
        shown = self._shown()
        self.look = self._looked(shown)
        state = state_of(self.plan, _with(shown, self.look), figures())
        self.works = self.works or state == EffectSnapshot.State.WORKS
        answer = self._gate(shown, night) if self.at < len(_steps()) else None
        if answer == Answer.ROLL_BACK or state == EffectSnapshot.State.HARMFUL:
            self.stopped = True
        elif answer in (Answer.ADVANCE, Answer.ASK):
            self.at, self.since, self.served = self.at + 1, night, 0

    def _gate(self, shown: Shown, night: int) -> str:
        facts = Facts(
            days=night - self.since, served=self.served, answered=self.said["answered"],
            answers={"complaint": self.said["complaint"]}, effect=daily_interval(self.plan, shown, figures()),
            unhealthy=bool(shown.unhealthy), doubtful=doubts(shown.treated, shown.held, launch()),
        )  # fmt: skip
        return decide(_steps()[self.at], facts, launch())[0]

    def _shown(self) -> Shown:
        known = self.days[: max(len(self.days) - WINDOW, 0)]
        sums = [sum(day[i] for day in known) for i in range(4)]
        drawn = [sum(day[i] for day in self.days) for i in (0, 2)]
        chances = {"sample_ratio": sample_ratio(drawn[0], drawn[1], self.expected / sum(drawn))}
        return Shown(
            treated=Arm(sums[0], sums[1]), held=Arm(sums[2], sums[3]), days=len(known),
            daily=sum(drawn) / len(self.days),
            unhealthy=Health(chances).faults(figures()),
            crossed=crossed(self.said["answered"], {"complaint": self.said["complaint"]}, launch().guardrails),
        )  # fmt: skip

    def _looked(self, shown: Shown) -> Look | None:
        """The newest planned look; beside no other version that is looked at in its month."""
        share = due(self.plan, shown.known, self.look.share if self.look else 0.0, figures().looks)
        within = stratified([(shown.treated, shown.held)], least=figures().stratum_least)
        if share is None or within is None:
            return self.look
        kept = discoveries({0: p_value(*within)}, figures().false_discoveries)
        return Look(share, at_limit(*within, figures().looks[share]), passed=0 in kept)


def run(*, clients: int | None = None) -> Result:
    """Roll out all versions of each kind; `clients` is how many of each."""
    many, began = clients or VERSIONS, process_time()
    effect = list(_rolled_out(Truth(effect=HARM), many, SEED))
    complaints = list(_rolled_out(Truth(complaints=WORSE * COMPLAINTS), many, SEED + 1))
    none = list(_rolled_out(Truth(), many, SEED + 2))
    return Result(
        NAME,
        ratios={
            "stopped_effect": _early(effect),
            "stopped_complaints": _early(complaints),
            "promoted": _of(one.works for one in none),
        },
        cpu_s={"all": round(process_time() - began, 2)},
        facts={
            "versions": many,
            "planned_exposure": planned(),
            "effect_in_time": _in_time(effect),
            "complaints_in_time": _in_time(complaints),
            "exposed_effect": _middle(effect),
            "exposed_complaints": _middle(complaints),
            "stopped_without_effect": _of(one.stopped for one in none),
            "live_without_effect": _of(one.at == len(_steps()) for one in none),
        },
    )


def planned() -> int:
    """Return the clients whom a rollout at its quickest and LIVE days after it would serve."""
    steps = sum(step.min_days * _share(at) * (1 - _held(at)) for at, step in enumerate(_steps()))
    return round(DAILY * (steps + LIVE * (1 - LIVE_HELD)))


def _rolled_out(truth: Truth, many: int, seed: int) -> Iterator[Version]:
    nights = sum(step.min_days for step in _steps()) + LIVE
    for number in range(many):
        version = Version(truth, Random(f"{seed}-{number}"))  # noqa: S311 - the same in every run
        for night in range(1, nights + 1):
            version.lives()
            version.judged(night)
            if version.stopped:
                break
        yield version


def _steps() -> list[RolloutStep]:
    return [RolloutStep(order=n, **step) for n, step in enumerate(launch().plan, start=1)]


def _share(at: int) -> float:
    """The share of the company in which a version runs."""
    steps = launch().plan
    return float(Decimal(steps[at]["share"]) / 100) if at < len(steps) else 1.0


def _held(at: int) -> float:
    """The share of its clients who are held out."""
    known: Mapping[str, int] = launch().holdout
    return LIVE_HELD if at >= len(launch().plan) else known["rolling" if at else "pilot"] / 100


def _with(shown: Shown, look: Look | None) -> Shown:
    return Shown(shown.treated, shown.held, shown.days, shown.daily, shown.unhealthy, shown.crossed, look)


def _early(versions: list[Version]) -> float:
    return _of(one.stopped and one.exposed < TENTH * planned() for one in versions)


def _in_time(versions: list[Version]) -> float:
    return _of(one.stopped and one.at < len(_steps()) - 1 for one in versions)


def _middle(versions: list[Version]) -> float:
    """The share of the planned exposure that the middle one of the versions had."""
    exposed = sorted(one.exposed for one in versions)
    return round(exposed[len(exposed) // 2] / planned(), 4)


def _of(said: Iterator[bool]) -> float:
    found = list(said)
    return round(sum(found) / max(len(found), 1), 4)
