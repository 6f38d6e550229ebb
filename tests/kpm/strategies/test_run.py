"""One run over real features: who is found, where each gate stops whom, and that the funnel sums."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from clients.lake.reading import open_lake, relation
from clients.ledger.models import Position
from clients.market.calendar import calendar
from clients.register.models import Client, ContactHold
from kpm.strategies import selectors, services
from kpm.strategies.models import Assignment, CapacityBudget, Funnel, Hit, Run, Stage, Strategy
from kpm.strategies.services import run as begun
from tests import factories as make
from tests.kpm.strategies import branch as story

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lake(settings: Any, tmp_path: Path) -> None:
    settings.LAKE_DIR = tmp_path


@pytest.fixture
def sample() -> story.Sample:
    return story.build()


def nobody_held_out() -> None:
    """A salt that holds out neither of the two quiet clients would be luck; here the draw is settled beforehand."""
    for client in Client.objects.all():
        assign(client, "treated")


def assign(client: Client, arm: str) -> None:
    strategy = Strategy.objects.get(code="GRW-TRD-001")
    Assignment.objects.create(strategy=strategy, client=client, arm=arm, bucket=1, assigned_on=story.DAY)


def run(now: Any = None) -> Run:
    cutoff = story.features()
    return services.run_slot(day=story.DAY, now=now or cutoff)


def places() -> dict[tuple[str, str], tuple[int, str]]:
    rows = Hit.objects.values_list("strategy__code", "client__name", "stage", "stopped_by")
    return {(code, name): (stage, reason) for code, name, stage, reason in rows}


def test_each_client_ends_where_his_facts_put_him(sample: story.Sample) -> None:
    nobody_held_out()

    published = run()

    assert published.state == Run.State.PUBLISHED
    assert places() == {
        ("MAT-TRD-019", "Bob"): (Stage.WITHIN_CAPACITY, ""),
        ("MAT-TRD-016", "Ben"): (Stage.WITHIN_CAPACITY, ""),
        ("GRW-TRD-001", "Carl"): (Stage.WITHIN_CAPACITY, ""),
    }


def test_a_hit_keeps_the_values_that_made_it_and_those_its_text_names(sample: story.Sample) -> None:
    run()

    hit = Hit.objects.get(strategy__code="MAT-TRD-016")
    assert hit.evidence == {
        "top1_limit_status": "none",
        "top1_pct_chg_1d": "8",
        "top1_position_ratio": "0.45",
        "top1_security_name": "贵州茅台",
    }


def test_who_refused_marketing_is_counted_and_stopped_at_consent(sample: story.Sample) -> None:
    nobody_held_out()

    published = run()

    rows = {
        (row["step"], row["reason"]): row["n"]
        for row in selectors.funnel(published)
        if row["version__strategy__code"] == "GRW-TRD-001"
    }
    past_consent = {(step, ""): 1 for step in range(4, 10)} | {(10, "waiting"): 1}
    assert rows == {(1, ""): 2, (2, ""): 2, (3, ""): 1, (3, "no_consent"): 1} | past_consent


def test_the_same_input_gives_the_same_run(sample: story.Sample) -> None:
    first = run()
    before = list(Hit.objects.order_by("pk").values())

    second = run()

    assert second.pk == first.pk
    assert list(Hit.objects.order_by("pk").values()) == before
    assert Run.objects.count() == 1


def test_a_day_without_features_is_refused_and_nothing_changes(sample: story.Sample) -> None:
    with pytest.raises(services.run.NoFeatures):
        services.run_slot(day=date(2026, 11, 19), now=make.NOW)

    assert not Run.objects.exists()


def test_the_held_out_is_stopped_and_his_occurrence_is_used(sample: story.Sample) -> None:
    assign(sample.quiet, "held_out")

    run()

    hit = Hit.objects.get(client=sample.quiet)
    assert (hit.stage, hit.stopped_by) == (Stage.UNDER_CAP, "holdout_strategy")
    assert (hit.arm, hit.used_on) == ("held_out", story.DAY)


def test_a_hit_within_cool_down_stops_there(sample: story.Sample) -> None:
    old = story.DAY - timedelta(days=29)
    run()
    Hit.objects.filter(client=sample.concentrated).update(used_on=old, last_day=old, first_day=old, occurrence="@old")
    make.cash(sample.moved, 13_201)

    run()

    again = Hit.objects.exclude(occurrence="@old").get(client=sample.concentrated)
    assert (again.stage, again.stopped_by) == (Stage.SUITABLE, "cooldown")


def test_the_funnel_is_counted_from_the_rows(sample: story.Sample) -> None:
    published = run()

    for row in Funnel.objects.filter(run=published, reason=""):
        stopped = Funnel.objects.filter(run=published, version=row.version, branch=row.branch, step=row.step + 1)
        if row.step < Stage.WITHIN_CAPACITY:
            assert row.n == sum(stopped.values_list("n", flat=True))


def test_every_matched_client_has_a_line_in_the_lake_and_the_funnel_agrees(sample: story.Sample) -> None:
    nobody_held_out()
    published = run()

    with open_lake() as con:
        rows = relation("hits_after_settlement", [story.DAY])
        lines = con.execute(f"SELECT version_id, stage, stopped_by, count(*) FROM {rows} GROUP BY ALL").fetchall()

    counted = Funnel.objects.filter(run=published)
    stopped = counted.exclude(reason="").exclude(step=10).values_list("version_id", "step", "reason", "n")
    assert {(v, stage + 1, why, n) for v, stage, why, n in lines if why} == set(stopped)
    assert sum(n for *_, n in lines) == 4


def test_a_capacity_of_none_stops_service_work_and_never_risk(sample: story.Sample) -> None:
    version = Strategy.objects.get(code="MAT-TRD-019").live_version
    CapacityBudget.objects.create(day=calendar().shift(story.DAY, 1), pool="adviser:HF01", capacity=0)

    run()

    hit = Hit.objects.get(version=version)
    assert (hit.stage, hit.stopped_by) == (Stage.WITHIN_CAPACITY, "")


def test_a_hit_that_is_matched_no_more_is_withdrawn(sample: story.Sample) -> None:
    run()
    Position.objects.filter(client=sample.concentrated).delete()
    make.position(sample.concentrated, make.security("300001", "SZ"), quantity=Decimal(1), last_price=Decimal(45))

    run()

    hit = Hit.objects.get(client=sample.concentrated)
    assert (hit.stage, hit.stopped_by) == (Stage.MATCHED, "need_gone")
    assert Run.objects.filter(state=Run.State.SUPERSEDED).count() == 1


def test_an_old_assignment_never_holds_anybody_out_of_a_risk_strategy(sample: story.Sample) -> None:
    risk = Strategy.objects.get(code="MAT-TRD-019")
    Assignment.objects.create(
        strategy=risk, client=sample.concentrated, arm="held_out", bucket=1, assigned_on=story.DAY
    )

    run()

    assert Hit.objects.get(client=sample.concentrated).stage == Stage.WITHIN_CAPACITY


def test_a_cool_down_ends_on_its_last_day(sample: story.Sample) -> None:
    run()
    old = story.DAY - timedelta(days=30)
    Hit.objects.filter(client=sample.concentrated).update(used_on=old, last_day=old, first_day=old, occurrence="@old")
    make.cash(sample.moved, 13_201)

    run()

    assert Hit.objects.exclude(occurrence="@old").get(client=sample.concentrated).stage == Stage.WITHIN_CAPACITY


def test_the_closed_the_deceased_and_the_frozen_are_not_eligible(sample: story.Sample) -> None:
    nobody_held_out()
    Client.objects.filter(pk=sample.concentrated.pk).update(status="closed")
    ContactHold.objects.create(client=sample.moved, kind="deceased")
    sample.quiet.accounts.update(status="frozen")

    published = run()

    stopped = Funnel.objects.filter(run=published, reason="account_status")
    assert sorted(stopped.values_list("version__strategy__code", "step", "n")) == [
        ("GRW-TRD-001", 2, 1),
        ("MAT-TRD-016", 2, 1),
        ("MAT-TRD-019", 2, 1),
    ]


def test_without_a_licensed_adviser_adviser_work_stops(sample: story.Sample) -> None:
    sample.adviser.licences.all().delete()

    published = run()

    [row] = Funnel.objects.filter(run=published, reason="no_licence")
    assert (row.version.strategy.code, row.step, row.n) == ("MAT-TRD-019", Stage.SUITABLE, 1)


def test_an_attempt_that_was_declared_failed_before_its_turn_is_an_error(
    sample: story.Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.features()
    begin = begun._begin

    def given_up(*args: Any) -> Run:
        """Another process finds other input between the begin of the attempt and its turn."""
        attempt = begin(*args)
        Run.objects.filter(pk=attempt.pk).update(state=Run.State.FAILED, error="The input changed.")
        return attempt

    monkeypatch.setattr(begun, "_begin", given_up)

    with pytest.raises(services.NotRunning, match="#1 was declared failed meanwhile"):
        services.run_slot(day=story.DAY, now=make.NOW)

    assert not Hit.objects.exists()


def test_a_day_on_which_nobody_matches_is_published_with_no_hits(settings: Any) -> None:
    make.client("Bob")
    services.load_library(entries=story.entries(), now=make.NOW)

    published = run()

    assert published.state == Run.State.PUBLISHED
    assert (Hit.objects.count(), Funnel.objects.count()) == (0, 0)
