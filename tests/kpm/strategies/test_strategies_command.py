"""`manage.py strategies load` and `check`, as a person at a shell sees them."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from clients.portrait import catalogue
from clients.portrait import selectors as portrait
from kpm.strategies.models import Strategy
from kpm.strategies.services import library
from tests.kpm.strategies.test_library_faults import HEAD, good, written

pytestmark = pytest.mark.django_db


def run(verb: str, *files: Path) -> str:
    out = StringIO()
    call_command("strategies", verb, *map(str, files), stdout=out)
    return out.getvalue()


def test_loading_says_what_is_new_and_the_second_time_that_nothing_changed(tmp_path: Path) -> None:
    file = written(tmp_path, HEAD + good(7) + good(8))

    first = run("load", file)
    second = run("load", file)

    assert first.splitlines() == ["new           2  OWN-TRD-7, OWN-TRD-8", "changed       0  ", "unchanged     0  "]
    assert second.splitlines() == ["new           0  ", "changed       0  ", "unchanged     2  "]


def test_loading_a_faulty_file_loads_the_rest_and_ends_with_the_list(tmp_path: Path) -> None:
    file = written(tmp_path, HEAD + good(7) + good(8).replace("top1_position_ratio", "top1_ratio") + "- 3\n")

    with pytest.raises(CommandError) as refused:
        run("load", file)

    assert str(refused.value).splitlines()[:2] == [
        "2 faults:",
        "own.yaml:44 ?: An entry is a mapping that begins with its code.",
    ]
    assert "own.yaml:31 OWN-TRD-8: trigger at character 1: " in str(refused.value)
    assert list(Strategy.objects.values_list("code", flat=True)) == ["OWN-TRD-7"]


def test_checking_loads_nothing_and_ends_with_the_list(tmp_path: Path) -> None:
    file = written(tmp_path, HEAD + good(7) + good(8).replace("请留意。", "保证收益"))

    with pytest.raises(CommandError) as refused:
        run("check", file)

    assert str(refused.value) == "1 faults:\nown.yaml:38 OWN-TRD-8: its texts say 保证收益, which promises too much."
    assert not Strategy.objects.exists()


def test_the_shipped_library_is_checked_and_what_waits_is_listed() -> None:
    said = run("check")

    lines = said.splitlines()
    waiting = [line for line in lines if line.startswith("  ") and "(waits for " in line]
    read = {name for one in library.read_library() for name in portrait.waiting_features() if name in one["trigger"]}
    assert lines[0] == f"206 strategies, 206 without fault; catalogue of {len(catalogue.features())} features"
    assert lines[1].endswith("off by default 111")
    assert "after_settlement 143, pre_open_0830 28, event 23, intraday 10, daily_0900 2" in lines[2]
    assert lines[3] == "without a goal that both arms can have: 78; nobody is held out of them"
    assert {line.split()[0] for line in waiting} >= read
    assert lines[-1] == "in the record: none, load them first"


def test_a_strategy_that_waits_is_named_beside_its_feature_and_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portrait, "waiting_features", lambda: {"top1_limit_status": "its SQL"})

    said = run("check")

    assert "  top1_limit_status (waits for its SQL): MAT-TRD-014, MAT-TRD-015, MAT-TRD-016\n" in said
    assert "features that nothing computes yet: 1 (* only shown in a text)" in said


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.yaml cannot be read: No such file or directory\."):
        run("check", tmp_path / "none.yaml")
