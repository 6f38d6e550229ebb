"""Where a day is killed: the name of a step, and the function at whose n-th call the process dies."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    """Die at the beginning (`before`) or the end of the n-th call of `function` in `module`."""

    step: str
    module: str
    function: str
    call: int = 1
    before: bool = True
    always: bool = False  # part of every run of the tests; the others belong to the long proofs

    @property
    def name(self) -> str:
        """As it stands in the report of the tests."""
        return f"{self.step}-{'before' if self.before else 'after'}-{self.function}-{self.call}"


POINTS = [
    Point("mirror", "portal.operations.day", "mirror"),
    Point("mirror", "clients.lake.publishing", "_settle", always=True),
    Point("mirror", "clients.lake.publishing", "_settle", call=5, before=False),
    Point("mirror", "clients.lake.manifest", "write", call=3, before=False),
    Point("mirror", "portal.operations.day", "mirror", before=False),
    Point("features", "portal.operations.day", "features"),
    Point("features", "clients.portrait.services", "describe", always=True),
    Point("features", "portal.operations.day", "features", before=False),
    Point("match", "kpm.strategies.services.run", "find"),
    Point("match", "kpm.strategies.services.finding", "evidence_into"),
    Point("match", "kpm.strategies.services.run", "judge"),
    *(Point("match", "kpm.strategies.services.judge", "step", call=number) for number in range(1, 9)),  # each gate
    Point("match", "kpm.strategies.services.run", "write_lines"),
    Point("match", "kpm.strategies.services.run", "write_lines", before=False),
    Point("match", "kpm.strategies.services.run", "publish", before=False, always=True),
    Point("match", "portal.operations.day", "match", before=False),
    Point("deliver", "advisory.dispatch.services.deliver", "_work", always=True),
    Point("deliver", "advisory.dispatch.services.deliver", "_deliver_batch", before=False),
    Point("deliver", "portal.operations.day", "deliver", before=False),
    Point("outcomes", "kpm.outcomes.services.stock", "measure", before=False, always=True),
    Point("outcomes", "portal.operations.day", "outcomes", before=False),
    Point("rollouts", "portal.operations.day", "rollouts"),
    Point("rollouts", "kpm.outcomes.services.judging", "advance", before=False, always=True),
    Point("rollouts", "portal.operations.day", "rollouts", before=False),
]
OFTEN = [point for point in POINTS if point.always]  # one of each step
SELDOM = [point for point in POINTS if not point.always]
