"""A night killed anywhere and run again leaves the same files as a night that was not."""

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests import factories as make
from tests import together
from tests.clients.portrait.world import bar, credit, now, run, trade


def kill_nights(folder: Path, cutoff: datetime) -> None:
    """Run the story of `nights` in its own process."""
    story = [sys.executable, "-m", "tests.clients.portrait.nights", str(folder), cutoff.isoformat()]
    subprocess.run(story, cwd=together.REPOSITORY, env=together.environment(), check=True)


def published(lake: Path) -> dict[str, Any]:
    """What every manifest of a lake says, except for the version before."""
    found = {str(file.relative_to(lake)): json.loads(file.read_text()) for file in lake.glob("*/day=*/manifest.json")}
    return {name: {**manifest, "previous": ""} for name, manifest in found.items()}


@pytest.mark.django_db(transaction=True)
def test_a_night_killed_anywhere_and_run_again_gives_the_same_files(tmp_path: Path, lake: Path) -> None:
    for number in (5, 100_005):
        bob = make.client("Bob", id=number)
        make.position(bob)
        make.cash(bob, 1000)
        credit(bob, 5, 0)
        trade(bob, make.DAY.replace(day=3), "1")
        trade(bob, make.DAY, "2")
    bar(make.security(), "11.00", "10.50")
    cutoff = now()

    kill_nights(tmp_path / "killed", cutoff)
    run(cutoff=cutoff)

    whole = published(lake)
    lakes = sorted((tmp_path / "killed").iterdir())
    assert len(lakes) > 3
    assert len(whole) > 15
    assert [folder.name for folder in lakes if published(folder) != whole] == []
