"""A preview counts what the run of the night then finds, gate by gate."""

from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from clients.lake import manifest as manifests
from kpm.engine.problem import ConditionError
from kpm.strategies import funnels, services
from kpm.strategies.models import Funnel, Run, ServiceStop, Stage, Strategy, StrategyVersion
from kpm.strategies.services.gatecolumns import write_gates
from tests import factories
from tests.factories import DAY, NOW
from tests.kpm.strategies import branch as story
from tests.kpm.strategies import gateworld

pytestmark = pytest.mark.django_db
Steps = dict[tuple[int, str], int]
# What chance has put before some client in every one of these worlds; the others come and go with the seed.
COMMON = {
    "stopped_by_switch",
    "account_status",
    "no_consent",
    "assessment_expired",
    "unsuitable",
    "cooldown",
    "suppressed_by_outcome",
}


@pytest.fixture(autouse=True)
def _lake(settings: Any, tmp_path: Path) -> None:
    settings.LAKE_DIR = tmp_path


def of_run(run: Run, version: StrategyVersion) -> Steps:
    """The funnel of a run up to the caps, over all branches."""
    found: Steps = {}
    for row in Funnel.objects.filter(run=run, version=version, step__lte=Stage.UNDER_CAP):
        found[row.step, row.reason] = found.get((row.step, row.reason), 0) + row.n
    return {key: n for key, n in found.items() if n}


def of_preview(found: funnels.Preview) -> Steps:
    """The same of a preview."""
    rows = {(row["step"], ""): row["n"] for row in found.steps}
    rows |= {(row["step"], reason): n for row in found.steps for reason, n in row["stopped"]}
    return {(int(step), reason): n for (step, reason), n in rows.items() if n}


@pytest.mark.parametrize("seed", range(4))
def test_the_preview_is_the_funnel_of_the_night(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(seed)
    people, versions = gateworld.clients(random), gateworld.versions()
    gateworld.past(random, people, versions)
    gateworld.stops(random, people)
    gateworld.features(monkeypatch)
    write_gates(day=DAY, now=NOW)
    previews = {version: funnels.preview_funnel(version, DAY) for version in versions}

    run = services.run_slot(day=DAY, now=NOW)

    again = {version: funnels.preview_funnel(version, DAY) for version in versions}
    for version in versions:
        assert of_preview(previews[version]) == of_run(run, version), version
        assert of_preview(again[version]) == of_run(run, version), version
    assert {reason for version in versions for _step, reason in of_run(run, version)} >= COMMON


def test_a_branch_counts_its_own_clients_and_the_branches_sum_to_all(monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(1)
    people, version = gateworld.clients(random), gateworld.versions()[0]
    gateworld.features(monkeypatch)
    write_gates(day=DAY, now=NOW)
    places = {client.branch for client in people}

    whole = funnels.preview_funnel(version, DAY)
    parts = [funnels.preview_funnel(version, DAY, place) for place in places]

    assert whole is not None
    assert len(parts) == 2
    assert sum(part.matched for part in parts if part) == whole.matched > 0
    assert sum(part.left for part in parts if part) == whole.left > 0
    assert {branch: n for part in parts if part for branch, n, _left in part.branches} == {
        branch: n for branch, n, _left in whole.branches
    }


def test_without_gate_columns_the_preview_counts_who_matches_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    gateworld.clients(Random(1))
    version = gateworld.versions()[0]
    gateworld.features(monkeypatch)

    found = funnels.preview_funnel(version, DAY)

    assert found is not None
    assert (found.matched + found.not_matched + found.unknown, found.steps) == (gateworld.CLIENTS, ())


def test_a_day_without_features_has_no_preview_and_a_bad_condition_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    version = gateworld.versions()[0]

    assert funnels.preview_funnel(version, DAY) is None
    gateworld.clients(Random(1))
    gateworld.features(monkeypatch)
    version.condition = "no_such_feature > 1"
    with pytest.raises(ConditionError):
        funnels.preview_funnel(version, DAY)


def test_gates_written_twice_are_the_same_version(monkeypatch: pytest.MonkeyPatch) -> None:
    gateworld.clients(Random(3))

    assert write_gates(day=DAY, now=NOW) == gateworld.CLIENTS
    first = manifests.read("gates", DAY)
    write_gates(day=DAY, now=NOW)

    assert manifests.read("gates", DAY) == first


def test_a_stop_of_a_security_is_known_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = story.entries()
    next(entry for entry in entries if entry.code == story.MESSAGE)["purpose"] = "service"
    monkeypatch.setattr(story, "entries", lambda: entries)
    story.build()
    now = story.features()
    write_gates(day=DAY, now=now)
    version = Strategy.objects.get(code=story.MESSAGE).live_version
    before = of_preview(funnels.preview_funnel(version, DAY, now=now))

    ServiceStop.objects.create(
        scope="security", code="300002.SZ", purposes="both", reason="rumours", from_at=NOW - timedelta(days=9),
        set_at=now, set_by=factories.staff("Otto").user,
    )  # fmt: skip
    after = of_preview(funnels.preview_funnel(version, DAY, now=now))

    assert "stopped_by_switch" not in {reason for _step, reason in before}
    assert (after[Stage.ELIGIBLE, "stopped_by_switch"], after[Stage.MATCHED, ""]) == (1, 1)
    assert after == of_run(services.run_slot(day=DAY, now=now), version)
