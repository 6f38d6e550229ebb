"""A night (mirror and features) in processes that are killed: `python -m tests.clients.portrait.nights FOLDER CUTOFF`.

Like `tests.clients.lake.processes`, and with a database: no connection is opened before the forks.
"""

import sys
from datetime import datetime
from pathlib import Path

import django
from django.conf import settings

django.setup()

from clients.portrait import services  # noqa: E402, the apps have to be there first
from tests.clients.lake.processes import each_step, finished, forked  # noqa: E402
from tests.factories import DAY  # noqa: E402

EVERY = 499  # a night has some two thousand steps; a number without divisors meets each kind of them


def night(cutoff: datetime) -> None:
    """What a day run does before it matches."""
    services.mirror_day(day=DAY, cutoff=cutoff)
    services.compute_features(day=DAY, cutoff=cutoff)


def main(folder: Path, cutoff: datetime) -> None:
    """Kill a night at every n-th step, each in a lake of its own, and run each again to its end."""
    each_step(folder, lambda: None, lambda: night(cutoff), every=EVERY)
    for lake in sorted(folder.iterdir()):
        settings.LAKE_DIR = lake
        finished(forked(lambda: night(cutoff)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]))
