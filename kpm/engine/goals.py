"""Goals: conditions over outcomes that a client who was held out can reach as well (STRATEGY 9.1)."""

from kpm.engine.catalogue import Catalogue
from kpm.engine.check import Checked, Condition, check
from kpm.engine.problem import Problem
from kpm.engine.problem import gettext_noop as _


def check_goal(text: str, outcomes: Catalogue) -> Checked:
    """Check a goal like a condition, and refuse outcomes that only a treated client can have."""
    checked = check(text, outcomes)
    if checked.condition is None or not (names := process_outcomes(checked.condition)):
        return checked
    sentence = _("Only a client who was served can have %(names)s; a goal is something that both arms can reach.")
    return Checked(None, (Problem("process", sentence, None, names[0], values={"names": ", ".join(names)}),))


def process_outcomes(condition: Condition) -> list[str]:
    """List the outcomes of a condition that only a treated client can have."""
    return [name for name, feature in condition.features.items() if feature.process]
