"""Why a strategy means a client or does not, what would have to change, and which gate comes first."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser

from clients.org.models import AccessLog
from clients.register.models import Client, Consent, ContactHold
from kpm.strategies import services
from kpm.strategies.explaining import replaying, wording
from kpm.strategies.explaining.telling import explained, truths
from kpm.strategies.models import Hit, StrategyVersion
from tests import factories as make
from tests.kpm.strategies import branch
from tests.kpm.strategies.branch import DAY, MESSAGE, REMINDER, TASK, Sample

pytestmark = pytest.mark.django_db


@pytest.fixture
def sample(settings: Any, tmp_path: Path) -> Sample:
    """The branch of the first three strategies after its night."""
    settings.LAKE_DIR = tmp_path
    found = branch.build()
    services.run_slot(day=DAY, now=branch.features())
    return found


def version(code: str) -> StrategyVersion:
    return StrategyVersion.objects.select_related("strategy").get(strategy__code=code)


def test_a_hit_is_explained_by_true_comparisons_with_margins_in_quartile_distances(sample: Sample) -> None:
    found = explained(version(TASK), sample.concentrated.pk, day=DAY)

    assert found is not None
    assert (found.truth, found.near) == (True, None)
    [ratio] = [leaf for leaf in found.condition.leaves if leaf.record.features == ("top1_position_ratio",)]
    assert (ratio.truth, ratio.value, ratio.threshold) == (True, Decimal("0.9"), Decimal("0.7"))
    assert ratio.margin is not None
    assert ratio.margin > 0


def test_a_near_miss_says_what_would_have_to_change(sample: Sample) -> None:
    found = explained(version(TASK), sample.moved.pk, day=DAY)

    assert found is not None
    assert (found.truth, found.near is None) == (False, False)
    assert "第一大持仓占比：45%，需不低于 70%" in wording.lacking(found)
    assert wording.changes(found)


def test_all_live_strategies_are_explained_at_once(sample: Sample) -> None:
    found = truths(sample.moved.pk, day=DAY)

    assert found is not None
    assert {of.strategy.code: told.truth for of, told in found.items()} == {TASK: False, MESSAGE: True, REMINDER: False}


def stop(of: Client, code: str) -> str:
    return services.would_stop(version=version(code), client_id=of.pk, values={}, now=make.NOW)


def test_the_first_gate_that_would_stop_him_is_named_and_nothing_is_written(sample: Sample) -> None:
    before = Hit.objects.count()

    assert stop(sample.quiet, REMINDER) == ""
    assert stop(sample.refused, REMINDER) == "no_consent"
    ContactHold.objects.create(client=sample.refused, kind="deceased")
    assert stop(sample.refused, REMINDER) == "account_status"
    assert Hit.objects.count() == before


def test_every_stored_hit_replays_and_a_changed_one_is_named(sample: Sample) -> None:
    assert [(one.hit.version.strategy.code, one.fault) for one in replaying.replays(DAY)] == [
        (REMINDER, ""), (MESSAGE, ""), (TASK, ""),
    ]  # fmt: skip
    hit = Hit.objects.get(client=sample.concentrated)
    Hit.objects.filter(pk=hit.pk).update(evidence={**hit.evidence, "top1_position_ratio": "0.1"})
    Hit.objects.filter(client=sample.moved).update(evidence={})

    faults = {one.hit.version.strategy.code: one.fault for one in replaying.replays(DAY) if one.fault}

    assert faults[TASK] == "its evidence gives no hit"
    assert faults[MESSAGE].startswith("its evidence lacks ")


def page(sample: Sample, browser: Browser, code: str, asked: str) -> str:
    browser.force_login(sample.manager.user)
    return browser.get(f"/kpm/strategies/{code}/explain/", {"client": asked}).content.decode()


def test_the_page_explains_and_its_opening_is_written_down(sample: Sample, client: Browser) -> None:
    shown = page(sample, client, TASK, sample.moved.client_no)

    assert "第一大持仓占比：45%，需不低于 70%" in shown
    assert AccessLog.objects.filter(client_id=sample.moved.pk, action="explain", reason=TASK).count() == 1


def test_clients_of_others_are_not_explained(sample: Sample, client: Browser) -> None:
    other = make.client("Charlie", manager=make.staff("Carol"))

    shown = page(sample, client, TASK, other.client_no)

    assert "第一大持仓占比" not in shown
    assert not AccessLog.objects.filter(client_id=other.pk).exists()


def test_who_has_switched_personalisation_off_is_left_alone(sample: Sample, client: Browser) -> None:
    Consent.objects.create(
        client=sample.moved, purpose="personalisation", version="1", given=False, channel="app", at=make.NOW
    )

    assert "第一大持仓占比" not in page(sample, client, TASK, str(sample.moved.pk))
