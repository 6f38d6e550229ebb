"""What a night concludes of a running step, from what it has shown so far: plain rules, no tables (STRATEGY 8.4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kpm.outcomes.formulas import Arm, Interval, newcombe, wilson
from kpm.strategies.figures import Launch
from kpm.strategies.models import RolloutJudgement, RolloutStep

Answer = RolloutJudgement.Answer
Verdict = tuple[Answer, str]  # what to do, and why when it is not to go on


@dataclass(frozen=True)
class Facts:
    """What a step has shown: trading days since it began, clients served in it, the share of the last night's winners
    without room, hits of the version that clients answered, those among them by answer, and the effect where there are
    enough outcomes to read one. `doubtful`: so far it looks like harm, though by little or few outcomes.
    """

    days: int = 0
    served: int = 0
    without_room: float = 0.0
    answered: int = 0
    answers: Mapping[str, int] = field(default_factory=dict)
    effect: Interval | None = None
    unhealthy: bool = False
    doubtful: bool = False
    held: bool = False
    eve: bool = False

    def told(self, step: RolloutStep) -> dict[str, Any]:
        """Return the figures with what the plan asks for, to be kept with the judgement."""
        effect = [self.effect.value, self.effect.lower, self.effect.upper] if self.effect else None
        return {
            "days": self.days, "min_days": step.min_days, "served": self.served, "min_sample": step.min_sample,
            "without_room": self.without_room, "answered": self.answered, "answers": dict(self.answers),
            "effect": effect,
        }  # fmt: skip


def decide(step: RolloutStep, facts: Facts, known: Launch) -> Verdict:
    """Return the first answer that applies: harm before everything, a person's word after everything."""
    limit = crossed(facts.answered, facts.answers, known.guardrails)
    rules = (
        (bool(limit), Answer.ROLL_BACK, limit),
        (facts.effect is not None and facts.effect.upper < 0, Answer.ROLL_BACK, "harmful"),
        (facts.held, Answer.HOLD, "held"),
        (facts.days < step.min_days, Answer.HOLD, "days"),
        (facts.served < step.min_sample, Answer.HOLD, "sample"),
        (facts.unhealthy, Answer.HOLD, "unhealthy"),
        (facts.doubtful, Answer.HOLD, "doubtful"),
        (facts.without_room > known.capacity, Answer.HOLD, "capacity"),
        (step.approval, Answer.ASK, ""),
        (facts.eve, Answer.HOLD, "eve"),
    )
    return next(((answer, why) for applies, answer, why in rules if applies), (Answer.ADVANCE, ""))


def doubts(treated: Arm, held: Arm, known: Launch) -> bool:
    """Return whether the treated do worse than the held out by more than so many standard errors: nothing is proven,
    and the step is no larger until it is.
    """
    found = newcombe(treated, held, known.doubt)
    return found is not None and found.upper < 0


def crossed(answered: int, answers: Mapping[str, int], guardrails: Mapping[str, Any]) -> str:
    """Return the answer whose share of all `answered` hits is certainly above its limit, if there is one."""
    if answered < guardrails["least"]:
        return ""
    for answer, limit in guardrails["limits"].items():
        share = wilson(Arm(answered, answers.get(answer, 0)))
        if share is not None and share.lower > limit:
            return str(answer)
    return ""
