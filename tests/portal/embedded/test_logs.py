"""What a log says is for the person who runs the house, and for nobody else on the machine."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.embedded import processes


@pytest.fixture(autouse=True)
def _open_umask() -> Iterator[None]:
    """The umask of a machine on which everything that is made can be read and written by all."""
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    """The rights on a folder and on every file in it."""
    return {path.name: path.stat().st_mode & 0o777 for path in (folder, *sorted(folder.iterdir()))}


def test_a_new_log_and_its_folder_are_private(tmp_path: Path) -> None:
    log = processes.log_file(tmp_path / "log" / "web.log")

    assert modes(log.parent) == {"log": 0o700, "web.log": 0o600}
    assert log.read_text() == ""


def test_what_an_earlier_start_left_open_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "LARGEST_LOG", 5)
    (tmp_path / "log").mkdir(mode=0o755)
    for name, text in (("web.log", "short"), ("beat.log", "too long")):
        (tmp_path / "log" / name).write_text(text)

    for name in ("web.log", "beat.log"):
        processes.log_file(tmp_path / "log" / name)

    assert modes(tmp_path / "log") == {"log": 0o700, "beat.log": 0o600, "beat.log.1": 0o600, "web.log": 0o600}
    assert (tmp_path / "log" / "web.log").read_text() == "short"
    assert (tmp_path / "log" / "beat.log.1").read_text() == "too long"
