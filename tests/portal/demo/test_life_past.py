"""The past of a branch is written once, before there is a database."""

from datetime import date
from pathlib import Path

import pytest

from clients.market.calendar import going_by, seeded
from portal.demo.life import files, living
from portal.demo.life.living import Living, Refused
from portal.demo.life.plan import Plan
from portal.embedded.locks import Lock
from portal.operations import day as business

PLAN = Plan(clients=30, days=3, seed=7, last=date(2026, 11, 20))


def write_past(folder: Path) -> dict[str, bytes]:
    """No test here may ask a database; what stands in the files."""
    with going_by(seeded()):
        Living(folder, PLAN, password="", run_day=business.live).write_past()
    return {file.name: file.read_bytes() for _kind, file in files.written(folder, None)}


def test_it_is_written_without_a_database_and_once(tmp_path: Path) -> None:
    first = write_past(tmp_path)
    changed = files.folder_of(tmp_path, None) / "securities-01.csv"
    changed.write_text("kept\n")

    second = write_past(tmp_path)

    assert {"trades-01.csv", "clients-01.csv", "events.jsonl"} < first.keys()
    assert second == first | {"securities-01.csv": b"kept\n"}


def test_it_is_the_same_wherever_it_is_written(tmp_path: Path) -> None:
    assert write_past(tmp_path / "a") == write_past(tmp_path / "b")


def test_who_comes_while_another_writes_waits_and_then_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(living, "PAST_WITHIN", 0.0)

    with Lock(tmp_path / living.PAST_LOCK) as other:
        held = other.try_alone()
        with pytest.raises(Refused, match="Another process"):
            write_past(tmp_path)

    assert held
    assert files.written(tmp_path, None) == []
