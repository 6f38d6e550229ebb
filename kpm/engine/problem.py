"""What can be wrong with a condition, said so that its author can mend it.

A sentence is kept apart from the values in it, so that a page can translate the sentence first. The engine
knows no translator; `gettext_noop` only marks the sentences for the one that the pages use.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Level = Literal["error", "warning"]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: a stable code, a plain sentence with its values, and where it was seen.

    `position` is the offset in the text counted from 0 (None when it cannot be pinned down), `leaf` the piece
    of the condition meant. A warning does not refuse the condition.
    """

    code: str
    sentence: str
    position: int | None = None
    leaf: str | None = None
    level: Level = "error"
    values: Mapping[str, object] = field(default_factory=dict, hash=False)

    @property
    def message(self) -> str:
        """The sentence in English with its values filled in."""
        return self.sentence % self.values


class ConditionError(ValueError):
    """A condition that may not be used; `problems` says why, each with a sentence for the author."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = problems


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for translation and give it back unchanged."""
    return sentence


def refuse(
    code: str, sentence: str, position: int | None = None, leaf: str | None = None, **values: object
) -> ConditionError:
    """Give the exception for a single problem, to be raised by the caller; `values` fill the sentence."""
    return ConditionError([Problem(code, sentence, position, leaf, values=values)])
