"""What a version does to a client first, and which purposes a rule may stop: one reading for Python and for SQL."""

from collections.abc import Iterable

from kpm.strategies.models import Purpose, StrategyVersion

Action = StrategyVersion.Action
PUSH, HUMAN = "push", "human"
# What a delivery does to the client first; a reminder is a note to his manager and contacts nobody.
CONTACT_KIND = {
    Action.PUSH: PUSH, Action.PUSH_THEN_TASK: PUSH, Action.TASK: HUMAN, Action.TASK_THEN_PUSH: HUMAN,
    Action.REMINDER: "",
}  # fmt: skip
# Actions that hand out a task, at once or later: a contact that is still to come until somebody has answered it.
TASKS = (Action.TASK, Action.PUSH_THEN_TASK, Action.TASK_THEN_PUSH)
# Only these two ask for consent, compete, are capped and held out; the others come first and are never dropped.
MAY_BE_STOPPED = (Purpose.SERVICE, Purpose.MARKETING)
NEVER_STOPPED = (Purpose.RISK, Purpose.REGULATORY)


def one_of(column: str, values: Iterable[str]) -> str:
    """Write that a column has one of these values; they are our own codes, not what somebody typed."""
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"


def kind_sql(action: str) -> str:
    """Write `CONTACT_KIND` over an SQL expression."""
    cases = " ".join(f"WHEN '{name}' THEN '{kind}'" for name, kind in CONTACT_KIND.items())
    return f"CASE {action} {cases} END"


def wait_sql(version: str) -> str:
    """Write how long after its message the task of a version comes, over the SQL name of its row."""
    return f"make_interval(hours => coalesce({version}.task_after_hours, 0)::int)"
