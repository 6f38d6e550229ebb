"""One business day as a list of steps, the same functions that beat's jobs call.

Every step is idempotent: killed anywhere and run again, the day ends the same.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from advisory.dispatch import services as dispatch
from clients.portrait import services as portrait
from kpm.strategies import services as strategies


@dataclass(frozen=True)
class Step:
    """One step: its fixed name, and what it does for (day, now); the answer is one line for the operator."""

    name: str
    do: Callable[[date, datetime], str]


def mirror(day: date, now: datetime) -> str:
    """Copy the day's new rows of the record into the lake."""
    rows = portrait.mirror_day(day=day, cutoff=now)
    return f"{sum(rows.values()):,} rows in {len(rows)} tables"


def features(day: date, now: datetime) -> str:
    """Compute the features of every client."""
    return f"version {portrait.compute_features(day=day, cutoff=now)}"


def match(day: date, now: datetime) -> str:
    """Match all live strategies, judge, publish the run and its funnel."""
    run = strategies.run_slot(day=day, now=now)
    return f"attempt {run.attempt} {run.state}"


def deliver(day: date, now: datetime) -> str:
    """Turn hits into messages, reminders and tasks."""
    counts = dispatch.deliver_pending(now=now)
    return ", ".join(f"{n} {what}" for what, n in sorted(counts.items())) or "nothing new"


STEPS = [Step("mirror", mirror), Step("features", features), Step("match", match), Step("deliver", deliver)]


def live(day: date, now: datetime) -> Iterator[tuple[str, str]]:
    """Run the steps of `day` one after the other; yields each step's name and its line when it is done."""
    for step in STEPS:
        yield step.name, step.do(day, now)
