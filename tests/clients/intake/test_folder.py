"""The private folder of a run: its own as long as it lives, gone afterwards, and no sweep takes it away."""

import fcntl
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from clients.intake import folder as folders


@pytest.fixture
def base(tmp_path: Path, settings: Any) -> Path:
    settings.VAR = tmp_path
    return tmp_path / "intake"


def test_what_a_dead_run_left_is_swept_and_a_living_one_keeps_its_folder(base: Path) -> None:
    (base / "run-dead").mkdir(parents=True)
    (base / "run-dead" / "piece.txt").write_text("in the clear")

    with folders.private_folder() as first, folders.private_folder() as second:
        assert sorted(base.iterdir()) == sorted([first, second])

    assert list(base.iterdir()) == []


def test_a_folder_that_was_swept_before_its_lock_was_taken_is_made_anew(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept: list[Path] = []
    lock_now = fcntl.flock

    def swept_meanwhile(lock: int, how: int) -> Any:
        """Another run's sweep, from its lock to its end, between the opening and the lock of the first folder."""
        if not swept:
            swept.append(Path(os.readlink(f"/proc/self/fd/{lock}")).parent)
            shutil.rmtree(swept[0])
        return lock_now(lock, how)

    monkeypatch.setattr(fcntl, "flock", swept_meanwhile)

    with folders.private_folder() as lent:
        (lent / "piece.txt").write_text("taken in")

        assert lent != swept[0]
        assert list(base.iterdir()) == [lent]
