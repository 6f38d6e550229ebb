"""The second hand of the demo: what it is given is done in order, and what goes wrong with it is known."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import psutil
import pytest

from portal.demo.life.beside import Failed
from portal.demo.life.hand import second_hand


def add(file: Path, word: str) -> None:
    """Write a word, and who wrote it."""
    with file.open("a") as out:
        out.write(f"{word} {os.getpid()}\n")


def fail() -> None:
    raise ValueError("no such day")


def _do(work: Callable[[], None]) -> None:
    with second_hand(nullcontext) as hand:
        hand.begin(work)
        hand.wait()


def test_work_is_done_in_order_by_one_other_process(tmp_path: Path) -> None:
    file = tmp_path / "said"

    with second_hand(nullcontext) as hand:
        hand.begin(add, file, "first")
        hand.begin(add, file, "second")
        hand.wait()
        lines = [line.split() for line in file.read_text().splitlines()]

    assert [word for word, _who in lines] == ["first", "second"]
    assert len({who for _word, who in lines} - {str(os.getpid())}) == 1


def test_it_works_inside_of_what_it_was_prepared_with(tmp_path: Path) -> None:
    file = tmp_path / "said"

    @contextmanager
    def prepared() -> Iterator[None]:
        add(file, "ready")
        yield
        add(file, "over")

    with second_hand(prepared) as hand:
        hand.begin(add, file, "work")
        hand.wait()

    assert [line.split()[0] for line in file.read_text().splitlines()] == ["ready", "work", "over"]


def test_work_that_fails_is_told_and_leaves_no_process(capfd: pytest.CaptureFixture[str]) -> None:
    children = psutil.Process().children()

    with pytest.raises(Failed, match="was not done"):
        _do(fail)

    assert "no such day" in capfd.readouterr().err
    assert psutil.Process().children() == children


@pytest.mark.django_db
def test_inside_of_a_transaction_the_work_is_done_here(tmp_path: Path) -> None:
    file = tmp_path / "said"

    with second_hand(nullcontext) as hand:
        hand.begin(add, file, "here")

        assert file.read_text() == f"here {os.getpid()}\n"
