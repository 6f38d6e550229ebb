"""Windows that have closed: what was done within them, once a hit, and corrected when a fact comes late."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from clients.ledger.models import CashFlow
from clients.register.models import Account, Client, Consent, RiskAssessment
from clients.shared import clock
from kpm.engine.check import compile_condition
from kpm.outcomes import services
from kpm.outcomes.figures import waiting
from kpm.outcomes.goals import goal_of
from kpm.outcomes.metricfiles import metric_files
from kpm.outcomes.models import Outcome
from kpm.strategies.catalogue_of import outcomes
from tests import factories as make
from tests.clients.portrait.screen import Event, happen
from tests.clients.portrait.world import trade
from tests.kpm.outcomes.world import CLOSED, SERVED, hit, now, settle, version

pytestmark = pytest.mark.django_db
WEDNESDAY = date(2026, 11, 18)


@pytest.fixture
def bob() -> Client:
    return make.client("Bob")


def measure(day: date = CLOSED) -> services.Measured:
    return services.measure(day=day, now=now())


def counted(client: Client, goal: str, **fields: Any) -> Outcome:
    """The outcome of a hit of a version with this goal and a window of three days, with Friday settled."""
    found = hit(version(f"S-{goal}"[:20], goal=goal, goal_window=3, **fields), client)
    settle(CLOSED)
    measure()
    return Outcome.objects.get(hit=found)


def test_every_outcome_is_counted_by_one_file_or_waits() -> None:
    counted_by = [name for file in metric_files() for name in file.gives]

    assert sorted([*counted_by, *waiting()]) == sorted(outcomes().features)
    assert len(waiting()) == 8


def test_nothing_is_due_before_the_window_closes(bob: Client) -> None:
    hit(version("A", goal="since_hit_login_cnt >= 1", goal_window=3), bob)
    settle(CLOSED)

    done = measure(date(2026, 11, 19))

    assert done == services.Measured(0, 0)
    assert not Outcome.objects.exists()


def test_what_happened_within_the_window_counts_and_no_more(bob: Client) -> None:
    happen(
        Event(bob, "signed_in", back=3),
        Event(bob, "signed_in", back=2),
        Event(bob, "signed_in", hour=23),
        Event(bob, "signed_in", back=-1),
    )

    found = counted(bob, "since_hit_login_cnt >= 2")

    assert (found.value, found.metrics, found.reason) == (True, {"since_hit_login_cnt": 2}, "")
    assert found.window_end == CLOSED


def test_a_window_goes_on_over_a_closure_of_the_exchanges(bob: Client) -> None:
    hit(version("A", goal="since_hit_login_cnt >= 1", goal_window=1), bob, used_on=date(2026, 11, 13))
    happen(Event(bob, "signed_in", back=4))
    settle(date(2026, 11, 13), date(2026, 11, 16))

    early, done = measure(date(2026, 11, 14)), measure(date(2026, 11, 16))

    assert (early.new, done.new) == (0, 1)
    assert (Outcome.objects.get().value, Outcome.objects.get().window_end) == (True, date(2026, 11, 16))


def test_both_arms_are_measured_and_hits_that_were_not_used_are_not(bob: Client) -> None:
    of = version("A", goal="since_hit_login_cnt >= 1", goal_window=3)
    ben, carl = make.client("Ben"), make.client("Carl")
    served, held = hit(of, bob), hit(of, ben, held=True)
    hit(of, carl, held=True, would_win=False)
    settle(CLOSED)

    done = measure()

    assert done.new == 2
    assert set(Outcome.objects.values_list("hit_id", "value")) == {(served.pk, False), (held.pk, False)}


def test_measuring_again_writes_nothing(bob: Client) -> None:
    counted(bob, "since_hit_trade_cnt >= 1")

    again = measure()

    assert again == services.Measured(0, 0)
    assert Outcome.objects.count() == 1


def test_a_late_fact_brings_a_line_that_corrects(bob: Client) -> None:
    first = counted(bob, "since_hit_trade_cnt >= 1")
    trade(bob, WEDNESDAY, "1")
    settle(CLOSED)

    done = measure()

    second = Outcome.objects.get(corrects=first)
    assert done == services.Measured(0, 1)
    assert (first.value, second.value, second.metrics) == (False, True, {"since_hit_trade_cnt": 1})
    assert measure() == services.Measured(0, 0)


def test_a_trade_that_is_taken_back_later_is_none(bob: Client) -> None:
    trade(bob, WEDNESDAY, "1")
    first = counted(bob, "since_hit_trade_cnt >= 1")
    trade(bob, date(2026, 11, 20), "2", reversal_of="1")
    settle(CLOSED)

    done = measure()

    assert (first.value, done.corrected) == (True, 1)
    assert Outcome.objects.get(corrects=first).value is False


def test_outcomes_are_lines_that_nobody_changes(bob: Client) -> None:
    found = counted(bob, "since_hit_trade_cnt >= 1")

    with pytest.raises(DatabaseError), transaction.atomic():
        Outcome.objects.filter(pk=found.pk).update(value=True)

    found.refresh_from_db()
    assert found.value is False


@pytest.mark.parametrize(
    ("goal", "process", "reason", "metrics"),
    [
        ("since_hit_app_completed = true", "", "waits", {"since_hit_app_completed": None}),
        ("", "since_hit_push_opened = true", "no_goal", {"since_hit_push_opened": False}),
        ("", "", "no_goal", {}),
    ],
)
def test_what_cannot_be_measured_says_why(
    bob: Client, goal: str, process: str, reason: str, metrics: dict[str, Any]
) -> None:
    found = counted(bob, goal, process_outcome=process)

    assert (found.value, found.reason, found.metrics) == (None, reason, metrics)


def test_a_closed_account_is_a_missing_outcome(bob: Client) -> None:
    bob.status = Client.Status.CLOSED
    bob.save()

    found = counted(bob, "since_hit_login_cnt >= 1")

    assert (found.value, found.reason, found.metrics) == (None, "closed", {"since_hit_login_cnt": 0})


def test_money_that_came_and_went(bob: Client) -> None:
    credit = make.account(bob, kind=Account.Kind.CREDIT_FUND)
    for number, (kind, amount) in enumerate([("bank_in", 500), ("bank_out", -200), ("dividend", 70)]):
        make.cash(bob, 0, day=WEDNESDAY, kind=kind, amount=Decimal(amount), flow_no=str(number))
    CashFlow.objects.create(
        day=WEDNESDAY, account=credit, client=bob, flow_no="9", kind="bank_in", amount=Decimal("30.50"), currency="CNY"
    )
    names = ("net_inflow", "cash_in", "cash_out", "credit_cash_in")
    goal = " AND ".join(f"since_hit_{name} > 0" for name in names)

    found = counted(bob, goal)

    assert (found.value, found.metrics) == (
        True,
        {
            "since_hit_net_inflow": "330.5",
            "since_hit_cash_in": "530.5",
            "since_hit_cash_out": "200",
            "since_hit_credit_cash_in": "30.5",
        },
    )


def test_states_are_compared_between_the_two_ends(bob: Client) -> None:
    bob.id_valid_to = date(2026, 12, 1)
    bob.save()
    fund = make.account(bob, depository="none", status=Account.Status.RESTRICTED, permissions=["GEM"])
    settle(SERVED)
    bob.id_valid_to, bob.tax_residency, bob.occupation = date(2036, 12, 1), "CN", "teacher"
    bob.save()
    fund.depository, fund.status, fund.permissions = "active", Account.Status.NORMAL, ["GEM", "STAR"]
    fund.save()
    make.account(bob, kind=Account.Kind.CREDIT_FUND, opened_on=WEDNESDAY)
    names = "depository_active restriction_lifted permission_opened margin_opened id_updated tax_declared"
    names += " profile_updated account_opened"
    goal = " AND ".join(f"since_hit_{name} = true" for name in names.split())

    found = counted(bob, goal, permission_code="STAR", suitability_gate=True)

    assert found.value is False
    assert {name for name, value in found.metrics.items() if not value} == {"since_hit_account_opened"}
    assert len(found.metrics) == 8


def test_what_he_declared_within_the_window(bob: Client) -> None:
    RiskAssessment.objects.create(client=bob, level=3, assessed_on=WEDNESDAY, valid_to=date(2028, 11, 18))
    for purpose, version_ in (("privacy", "v1"), ("marketing", "1")):
        Consent.objects.create(
            client=bob, purpose=purpose, version=version_, given=False, channel="app",
            at=clock.at_shanghai(WEDNESDAY, datetime.min.time()),
        )  # fmt: skip
    names = ("risk_retest", "privacy_confirmed", "pref_updated")

    found = counted(bob, " AND ".join(f"since_hit_{name} = true" for name in names))

    assert found.value is True


def test_a_goal_that_nothing_reaches_is_known() -> None:
    assert goal_of("since_hit_net_inflow >= 0", "").reached_by_nothing
    assert goal_of("since_hit_complaint_cnt = 0", "").reached_by_nothing
    assert not goal_of("since_hit_login_cnt >= 1", "").reached_by_nothing
    assert compile_condition("since_hit_login_cnt >= 1", outcomes()).columns == ("since_hit_login_cnt",)
