"""Tests that share a dear fixture carry an `xdist_group`: a parallel run must give them to one worker."""

import subprocess
import sys
from pathlib import Path

GROUPED = """
import os
import pytest

@pytest.mark.xdist_group("together")
@pytest.mark.parametrize("n", range(6))
def test_one_of_a_group(n):
    with open("workers", "a") as seen:
        seen.write(os.environ["PYTEST_XDIST_WORKER"] + "\\n")
"""


def test_one_worker_gets_the_whole_group(tmp_path: Path) -> None:
    (tmp_path / "test_group.py").write_text(GROUPED)
    options = ["-n", "2", "--dist", "loadgroup", "-q", "-p", "no:django", "-p", "no:cacheprovider"]

    done = subprocess.run([sys.executable, "-m", "pytest", *options], cwd=tmp_path, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout
    seen = (tmp_path / "workers").read_text().split()
    assert len(seen) == 6
    assert len(set(seen)) == 1
