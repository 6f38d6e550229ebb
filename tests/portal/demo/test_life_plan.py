"""What a branch is asked for, how far it is, and its hidden truth: files that survive a killed process."""

import json
import stat
from datetime import date
from pathlib import Path

import pytest

from portal.demo.life import plan, truth
from portal.demo.life.figures import figures, manners
from portal.demo.life.plan import OtherBranch, Plan
from portal.demo.life.residents import residents

LAST = date(2026, 11, 20)
SMALL = Plan(clients=40, days=3, seed=7, last=LAST)


def test_the_shares_of_the_kinds_make_a_hundred() -> None:
    assert sum(kind.share for kind in manners().values()) == 100


@pytest.mark.django_db
def test_the_lived_days_end_with_the_last_and_the_past_is_thinned_before_them() -> None:
    past = SMALL.past()
    daily = int(figures()["past"]["daily"])

    assert SMALL.lived() == [date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 20)]
    assert past[-daily:] == SMALL.walked()[-3 - daily : -3]
    assert (SMALL.lived()[0] - past[0]).days > 2 * 365 - 60
    assert len(past) < 60


def test_a_branch_keeps_the_days_of_its_first_start(tmp_path: Path) -> None:
    plan.settle(tmp_path, SMALL)

    again = plan.settle(tmp_path, Plan(clients=40, days=3, seed=7, last=date(2026, 11, 23)))

    assert again == SMALL


@pytest.mark.parametrize("other", [Plan(41, 3, 7, LAST), Plan(40, 4, 7, LAST), Plan(40, 3, 8, LAST)])
def test_another_branch_in_the_same_folder_is_refused_and_nothing_changes(tmp_path: Path, other: Plan) -> None:
    plan.settle(tmp_path, SMALL)

    with pytest.raises(OtherBranch, match="--clients 40 --days 3 --seed 7"):
        plan.settle(tmp_path, other)

    assert plan.read_plan(tmp_path) == SMALL


def test_how_far_it_is_counts_lived_days(tmp_path: Path) -> None:
    assert plan.progress(tmp_path) is None
    plan.settle(tmp_path, SMALL)
    assert plan.progress(tmp_path) == plan.Progress(0, 3)

    plan.note(tmp_path, 3, LAST)

    found = plan.progress(tmp_path)
    assert found == plan.Progress(3, 3, LAST)
    assert found.done


@pytest.mark.django_db
def test_only_the_owner_reads_the_truth_and_it_is_the_same_with_the_same_seed(tmp_path: Path) -> None:
    told = truth.tell(tmp_path / "a", SMALL, residents(SMALL), ["B", "A"])

    again = truth.tell(tmp_path / "b", SMALL, residents(SMALL), ["A", "B"])
    other = truth.tell(tmp_path / "c", Plan(40, 3, 8, LAST), residents(Plan(40, 3, 8, LAST)), ["A", "B"])

    assert stat.S_IMODE((tmp_path / "a" / truth.FILE).stat().st_mode) == 0o600
    assert told == again
    assert told != other
    assert set(told.kinds.values()) <= set(manners())


@pytest.mark.django_db
def test_the_truth_that_is_kept_is_the_one_that_counts(tmp_path: Path) -> None:
    truth.tell(tmp_path, SMALL, residents(SMALL), ["A", "B"])
    kept = json.loads((tmp_path / truth.FILE).read_text())
    kept["clients"]["C0000001"] = ["trader", "2"]
    (tmp_path / truth.FILE).write_text(json.dumps(kept))

    told = truth.tell(tmp_path, SMALL, residents(SMALL), ["A", "B"])

    assert (told.helps("C0000001", "A"), told.helps("C0000001", "B")) == (False, True)
    assert not told.helps("C9999999", "A")
