"""What each step of a run brought and cost: a row when the step is done, in the transaction of the run.

with steps.doing("match") as done:
    done.rows_in, done.rows_out = …
"""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from kpm.strategies.models import Run, RunStep


@dataclass
class Done:
    """Rows that came in and went on, what stopped the others and how many, and what went wrong."""

    rows_in: int | None = None
    rows_out: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    error: str = ""


@dataclass(frozen=True)
class Steps:
    """The steps of a run; without a run nothing is written. `now` is when the run is said to have been."""

    run: Run | None
    now: datetime

    @contextmanager
    def doing(self, name: str) -> Iterator[Done]:
        """Write the row of a step when its block ends well; CPU is that of this process, all threads together."""
        done, cpu, wall = Done(), time.process_time(), time.perf_counter()
        yield done
        if self.run is None:
            return
        spent = {"cpu_ms": _ms(time.process_time() - cpu), "wall_ms": _ms(time.perf_counter() - wall)}
        said = {"rows_in": done.rows_in, "rows_out": done.rows_out, "reasons": done.reasons, "error": done.error}
        RunStep.objects.update_or_create(run=self.run, step=name, defaults={**said, **spent, "finished_at": self.now})


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
