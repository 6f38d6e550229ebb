"""Work beside the demo is waited for, and what goes wrong with it is known."""

import os
import time
from pathlib import Path

import psutil
import pytest

from portal.demo.life.beside import Failed, beside

pytestmark = pytest.mark.django_db


def test_both_are_done_when_the_block_has_ended(tmp_path: Path) -> None:
    with beside(lambda: (tmp_path / "child").write_text(str(os.getppid()))):
        (tmp_path / "here").touch()

    assert (tmp_path / "child").read_text() == str(os.getpid())
    assert (tmp_path / "here").exists()


def test_work_that_fails_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise ValueError("no such day")

    with pytest.raises(Failed, match="ended with 1"), beside(fail):
        pass

    assert "no such day" in capfd.readouterr().err


def test_work_ends_with_the_block_that_failed(tmp_path: Path) -> None:
    children = psutil.Process().children()

    with pytest.raises(KeyboardInterrupt), beside(lambda: time.sleep(60)):
        raise KeyboardInterrupt

    assert psutil.Process().children() == children
