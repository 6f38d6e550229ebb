"""`manage.py strategies load` and `check`, as a person at a shell sees them."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from clients.org.models import AccessLog
from clients.portrait import catalogue
from clients.portrait import selectors as portrait
from kpm.strategies import services
from kpm.strategies.models import Hit, Strategy, StrategyVersion
from kpm.strategies.services import library
from tests import factories as make
from tests.kpm.strategies import branch
from tests.kpm.strategies.branch import DAY, TASK
from tests.kpm.strategies.test_library_faults import HEAD, good, written

pytestmark = pytest.mark.django_db


def run(verb: str, *files: Path | str) -> str:
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
    assert lines[1].endswith("off by default 79")
    assert "after_settlement 143, pre_open_0830 28, event 23, intraday 10, daily_0900 2" in lines[2]
    assert lines[3] == "without a goal that both arms can have: 73; nobody is held out of them"
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


def test_loading_again_says_field_by_field_what_changes_and_a_dry_run_changes_nothing(tmp_path: Path) -> None:
    run("load", written(tmp_path, HEAD + good(7)))
    changed = written(tmp_path, HEAD + good(7).replace("priority: 2", "priority: 5"))

    dry = run("load", changed, "--dry-run")
    unchanged = StrategyVersion.objects.count()
    wet = run("load", changed)

    assert dry.splitlines()[1:] == [
        "changed       1  OWN-TRD-7", "unchanged     0  ", "  OWN-TRD-7 priority: 2 -> 5",
        "nothing was changed: this was a dry run",
    ]  # fmt: skip
    assert (unchanged, StrategyVersion.objects.count()) == (1, 2)
    assert wet.splitlines()[1:] == ["changed       1  OWN-TRD-7", "unchanged     0  ", "  OWN-TRD-7 priority: 2 -> 5"]


def test_what_a_person_has_tuned_is_left_alone_and_named(tmp_path: Path) -> None:
    run("load", written(tmp_path, HEAD + good(7)))
    before = StrategyVersion.objects.get()
    alice = make.staff("Alice").user
    draft = services.draft_version(strategy=before.strategy, by=alice, now=make.NOW)
    changed = written(tmp_path, HEAD + good(7).replace("priority: 2", "priority: 5"))

    said = run("load", changed)

    assert said.splitlines()[-1] == "kept          1  OWN-TRD-7  (their newest version is a person's)"
    assert list(StrategyVersion.objects.order_by("number")) == [before, draft]
    assert Strategy.objects.get().live_version == before.strategy.live_version


@pytest.fixture
def sample(settings: Any, tmp_path: Path) -> branch.Sample:
    """The branch of the first three strategies after its night."""
    settings.LAKE_DIR = tmp_path / "lake"
    found = branch.build()
    services.run_slot(day=DAY, now=branch.features())
    return found


def test_a_strategy_is_previewed_explained_back_tested_and_its_hits_replay(sample: branch.Sample) -> None:
    number = sample.moved.client_no

    assert run("preview", TASK).startswith(f"{TASK} v1 on {DAY}: matched 1, not matched ")
    explained = run("explain", TASK, number, "--as", sample.manager.staff_no)
    looked = AccessLog.objects.values_list("staff", "client_id", "action", "reason")
    assert list(looked) == [(sample.manager.pk, sample.moved.pk, "explain", f"{TASK}, in a shell")]
    assert explained.startswith(f"{TASK} v1 on {DAY}: False\n")
    assert "  to change: 第一大持仓占比：45%，需不低于 70%\n" in explained
    assert explained.endswith("  first gate that would stop it now: none\n")
    tested = run("backtest", TASK, "--days", "2")
    assert "would have matched 1 client-days of 1 clients; 1 new hits\n" in tested
    assert "left out: 1 days, no night was run\n" in tested
    assert run("replay", "--day", str(DAY)) == f"all 3 stored hits of {DAY} replay from their evidence\n"


def test_a_hit_that_does_not_follow_from_its_evidence_ends_the_replay_with_a_list(sample: branch.Sample) -> None:
    Hit.objects.filter(client=sample.concentrated).update(evidence={})

    with pytest.raises(CommandError) as refused:
        run("replay", "--day", str(DAY))

    first, second = str(refused.value).splitlines()
    assert first == f"1 of 3 hits of {DAY} do not replay:"
    assert second.startswith(f"{TASK} v1 hit ")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (("explain", TASK, "nobody", "--as", "9"), "There is no client nobody; give his client number."),
        (("preview", "NONE"), "There is no strategy NONE; `manage.py strategies load` loads the library."),
        (("backtest", TASK, "--days", "0"), "--days takes a number from 1 on."),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(sample: branch.Sample, asked: tuple[str, ...], told: str) -> None:
    with pytest.raises(CommandError) as refused:
        run(*asked)

    assert str(refused.value) == told
