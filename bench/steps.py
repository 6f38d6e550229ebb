"""CPU time of named steps, also of steps inside others: each second is counted once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from bench import cpu


@dataclass
class Steps:
    """What was spent by step, in the order in which the steps first ended."""

    postmaster: int
    spent: dict[str, cpu.Spent] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str, *, within: str = "") -> Iterator[None]:
        """Measure a block as (a part of) a step; what runs inside another one is taken off that one."""
        with cpu.spent(self.postmaster) as measured:
            yield
        self._add(name, measured, 1)
        if within:
            self._add(within, measured, -1)

    def probe(self, name: Callable[..., str], within: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that does the same and is measured; its arguments say as which step."""

        @wraps(work)
        def measured(*args: Any, **kwargs: Any) -> Any:
            with self.step(name(*args, **kwargs), within=within):
                return work(*args, **kwargs)

        return measured

    @property
    def total(self) -> cpu.Spent:
        """All steps together."""
        every = self.spent.values()
        return cpu.Spent(sum(spent.own for spent in every), sum(spent.server for spent in every))

    def seconds(self) -> dict[str, float]:
        """CPU seconds of each step, and of the server alone where it had a part in it."""
        found = {}
        for name, spent in self.spent.items():
            found[name] = round(spent.total, 2)
            if spent.server >= 1 / cpu.TICK:
                found[f"{name}_server"] = round(spent.server, 2)
        return found

    def _add(self, name: str, measured: cpu.Spent, sign: int) -> None:
        sums = self.spent.setdefault(name, cpu.Spent())
        sums.own += sign * measured.own
        sums.server += sign * measured.server
