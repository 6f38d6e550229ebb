"""What can be wrong with a condition, said so that its author can mend it."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning"]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: a stable code, a plain sentence, and where it was seen.

    `position` is the offset in the text counted from 0 (None when it cannot be pinned down), `leaf` the piece
    of the condition meant. A warning does not refuse the condition.
    """

    code: str
    message: str
    position: int | None = None
    leaf: str | None = None
    level: Level = "error"


class ConditionError(ValueError):
    """A condition that may not be used; `problems` says why, each with a sentence for the author."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = problems


def refuse(code: str, message: str, position: int | None = None, leaf: str | None = None) -> ConditionError:
    """Give the exception for a single problem, to be raised by the caller."""
    return ConditionError([Problem(code, message, position, leaf)])
