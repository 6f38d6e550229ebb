"""What one client needs: what was matched and not sent, with its reason, then what nearly matches."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from clients.register.models import Client
from kpm.strategies import needs, services
from kpm.strategies.models import Assignment, Hit, Strategy
from tests import factories as make
from tests.kpm.strategies import branch, rounds
from tests.kpm.strategies.branch import DAY, MESSAGE, REMINDER, TASK, Sample

pytestmark = pytest.mark.django_db


@pytest.fixture
def lake(settings: Any, tmp_path: Path) -> None:
    settings.LAKE_DIR = tmp_path / "lake"


@pytest.fixture
def sample(lake: None) -> Sample:
    """The branch of the first three strategies after its night."""
    found = branch.build()
    services.run_slot(day=DAY, now=branch.features())
    return found


def hold(of: Client, code: str, arm: str) -> None:
    """Settle beforehand whether somebody is held out."""
    strategy = Strategy.objects.get(code=code)
    Assignment.objects.create(strategy=strategy, client=of, arm=arm, bucket=0, assigned_on=DAY)


def said(of: Client, **asked: Any) -> list[tuple[str, str]]:
    """Strategy and reason of what is told of a client."""
    found = needs.needs_of(of.pk, until=DAY, most=3, **asked)
    return [(need.version.strategy.code, need.stopped_by or f"{len(need.missing)} missing") for need in found]


def test_before_the_first_night_nothing_is_known_of_anybody(lake: None) -> None:
    assert needs.needs_of(make.client("Bob").pk, until=DAY, most=3) == []


def test_what_was_matched_and_not_sent_is_told_with_its_reason(sample: Sample) -> None:
    told = [said(of) for of in (sample.concentrated, sample.moved, sample.refused)]

    assert told == [[(TASK, "waiting")], [(MESSAGE, "waiting")], [(REMINDER, "no_consent")]]


def test_the_values_say_why_even_where_the_record_kept_no_hit(sample: Sample) -> None:
    [need] = needs.needs_of(sample.refused.pk, until=DAY, most=3)

    assert not Hit.objects.filter(client=sample.refused).exists()
    assert need.values["days_since_first_trade"] == 17


def test_what_was_sent_is_needed_no_more(sample: Sample) -> None:
    hit = Hit.objects.get(client=sample.moved)

    services.report_delivered(hits=[hit], now=make.NOW)

    assert said(sample.moved) == []


def test_who_is_held_out_is_told_only_to_those_who_may_know_it(lake: None) -> None:
    sample = branch.build()
    hold(sample.quiet, REMINDER, "held_out")
    services.run_slot(day=DAY, now=branch.features())

    assert said(sample.quiet) == []
    assert said(sample.quiet, compared=True) == [(REMINDER, "holdout_strategy")]


def test_what_nearly_matches_names_what_is_missing(lake: None) -> None:
    branch.build()
    near = make.client("Nina")
    make.position(near, make.security("300001", "SZ"), quantity=Decimal(6_000), last_price=Decimal("45.00"))
    make.cash(near, 180_000)
    services.run_slot(day=DAY, now=branch.features())

    [need] = needs.needs_of(near.pk, until=DAY, most=3)

    assert (need.version.strategy.code, need.stopped_by) == (TASK, "")
    assert [(leaf.record.features, leaf.value, leaf.threshold) for leaf in need.missing] == [
        (("top1_position_ratio",), Decimal("0.6"), Decimal("0.7"))
    ]


@pytest.mark.parametrize(
    ("condition", "distance"),
    [
        ("top1_position_ratio >= 0.5", "0.2"),
        ("top1_position_ratio > 0.4", "0"),
        ("top1_position_ratio > 0 AND trade_days_30d > 0", "Infinity"),
        ("trade_days_30d >= 9 OR top1_position_ratio >= 0.5", "0.2"),
        ("top1_position_ratio >= 0.5 AND trade_days_30d >= 4", "0.45"),
        ("top1_position_ratio >= 0.5 AND top1_pct_chg_1d > 1", "Infinity"),
    ],
)
def test_distances_count_in_sizes_of_thresholds_and_nothing_is_far(condition: str, distance: str) -> None:
    row = {"top1_position_ratio": Decimal("0.4"), "trade_days_30d": Decimal(3), "top1_pct_chg_1d": None}
    zero = {**row, "trade_days_30d": Decimal(0)}
    version = rounds.version("KPM-001", condition=condition)

    assert needs._distance(version, zero if "count > 0" in condition else row) == Decimal(distance)


def test_nothing_rests_on_what_he_did_on_screen_once_that_may_not_be_read(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(needs, "_behaviour", lambda: frozenset({"top1_pct_chg_1d"}))

    assert said(sample.moved, on_screen=False) == []
    assert said(sample.moved) == [(MESSAGE, "waiting")]
