"""The last step of the funnel, and the gates that only facts of other days can close."""

from datetime import timedelta

import pytest

from clients.register.models import Client, Consent, ContactPreference, RiskAssessment, Touch
from kpm.strategies import selectors, services
from kpm.strategies.models import Funnel, Hit, HitEnding, Run, StrategyVersion, UniversalDraw, UniversalHoldout
from kpm.strategies.services import holding
from tests import factories as make
from tests.kpm.strategies.rounds import DAY, run, stops, version

pytestmark = pytest.mark.django_db
TOMORROW = DAY + timedelta(days=1)


@pytest.fixture
def bob() -> Client:
    return make.client("Bob")


def last_step(done: Run) -> dict[str, int]:
    return {row["reason"]: row["n"] for row in selectors.funnel(done) if row["step"] == 10}


def test_a_hit_waits_until_it_is_delivered(bob: Client) -> None:
    done = run([(version("A"), bob)], now=make.NOW)
    waiting = last_step(done)

    services.report_delivered(hits=[Hit.objects.get()], now=make.NOW)
    services.count_endings()

    assert (waiting, last_step(done)) == ({"waiting": 1}, {"": 1})


def test_what_stopped_it_late_is_its_reason(bob: Client) -> None:
    done = run([(version("A"), bob)], now=make.NOW)

    services.report_stopped(hits=[Hit.objects.get()], reason="late_consent", now=make.NOW)
    services.count_endings()

    assert last_step(done) == {"late_consent": 1}


def test_a_hit_ends_once_in_a_run(bob: Client) -> None:
    done = run([(version("A"), bob)], now=make.NOW)
    hit = Hit.objects.get()

    services.report_delivered(hits=[hit], now=make.NOW)
    services.report_stopped(hits=[hit], reason="late_cap", now=make.NOW)
    services.count_endings()

    assert last_step(done) == {"": 1}
    assert Hit.objects.get().stopped_by == ""


def test_the_next_day_takes_over_what_waited(bob: Client) -> None:
    of = version("A")
    first = run([(of, bob)], now=make.NOW)

    second = run([(of, bob)], now=make.NOW, day=TOMORROW)

    assert (last_step(first), last_step(second)) == ({"carried_over": 1}, {"waiting": 1})
    assert Hit.objects.get().run == second


def test_what_was_not_found_again_ends_as_need_gone(bob: Client) -> None:
    of, charlie = version("A"), make.client("Charlie")
    first = run([(of, bob)], now=make.NOW)

    run([(of, charlie)], now=make.NOW, day=TOMORROW)

    assert last_step(first) == {"need_gone": 1}


def test_what_a_version_found_waits_on_while_it_is_blind_and_its_pilot_is_judged(bob: Client) -> None:
    of, charlie = version("A"), make.client("Charlie")
    first = run([(of, bob)], now=make.NOW)
    pilot = StrategyVersion.objects.get(pk=of.pk)
    pilot.pk, pilot.number = None, 2
    pilot.save()

    run([(pilot, charlie)], now=make.NOW, day=TOMORROW, unjudged=[of])

    assert last_step(first) == {"waiting": 1}
    assert [hit.version_id for hit in selectors.deliverable()] == [of.pk, pilot.pk]


def test_a_second_run_of_the_day_leaves_what_was_delivered_and_its_own_touch_does_not_stop_it(bob: Client) -> None:
    push = version("A", action="push", handler="system", purpose="marketing")
    Consent.objects.create(client=bob, purpose="marketing", version="1", given=True, at=make.NOW, channel="app")
    first = run([(push, bob)], now=make.NOW)
    services.report_delivered(hits=[Hit.objects.get()], now=make.NOW)
    Touch.objects.create(
        client=bob, branch=bob.branch, channel="inbox", purpose="marketing", started_at=make.NOW, provider_ref="1"
    )

    second = run([(push, bob)], now=make.NOW)
    services.count_endings()

    hit = Hit.objects.get()
    assert (hit.run, hit.delivered_at, hit.stopped_by) == (second, make.NOW, "")
    assert (last_step(first), last_step(second)) == ({"": 1}, {"": 1})
    assert HitEnding.objects.count() == 2


def test_an_older_day_run_late_leaves_the_newer_hits_alone(bob: Client) -> None:
    of = version("A")
    newer = run([(of, bob)], now=make.NOW, day=TOMORROW)

    older = run([(of, bob)], now=make.NOW)

    assert (last_step(newer), last_step(older)) == ({"waiting": 1}, {"later_run": 1})


def test_a_count_that_disagrees_is_not_written_and_the_other_runs_are_counted(bob: Client) -> None:
    wrong = run([(version("A"), bob)], now=make.NOW)
    right = run([(version("B"), bob)], now=make.NOW, day=TOMORROW)
    Funnel.objects.filter(run=wrong, step=9).update(n=2)
    for hit in Hit.objects.all():
        services.report_delivered(hits=[hit], now=make.NOW)

    services.count_endings()

    assert (last_step(wrong), last_step(right)) == ({"waiting": 1}, {"": 1})


@pytest.mark.parametrize(("purpose", "given"), [("automated_decision", False), ("service_push", False)])
def test_who_refused_is_not_served_and_risk_still_is(bob: Client, purpose: str, given: bool) -> None:
    Consent.objects.create(client=bob, purpose=purpose, version="1", given=given, at=make.NOW, channel="app")
    risk = version("R", purpose="risk", action="push", handler="system")

    done = run([(version("A"), bob), (risk, bob)], now=make.NOW)

    assert stops(done) == {("R", "Bob"): ""}
    assert [row["reason"] for row in selectors.funnel(done) if row["version__strategy__code"] == "A"] == [
        "", "", "no_consent",
    ]  # fmt: skip


def test_who_refused_every_channel_of_a_strategy_is_not_served(bob: Client) -> None:
    ContactPreference.objects.create(client=bob, channel="inbox", allowed=False)
    one = version("A", action="push", handler="system", channels=["inbox"])
    two = version("B", action="push", handler="system", channels=["inbox", "app"])

    done = run([(one, bob), (two, bob)], now=make.NOW)

    assert stops(done) == {("B", "Bob"): ""}


def feedback(of: Hit, response: str, key: str) -> None:
    services.record_feedback(
        hit_uid=of.uid, contact="reached", response=response, verdict="", staff=None, idem_key=key, now=make.NOW
    )


def test_an_answer_silences_its_family(bob: Client) -> None:
    asked, same, other = version("A", family="F"), version("B", family="F"), version("C", family="G")
    run([(asked, bob)], now=make.NOW)
    feedback(Hit.objects.get(), "refused_family", "1")

    done = run([(same, bob), (other, bob)], now=make.NOW, day=TOMORROW)

    assert stops(done) == {("B", "Bob"): "suppressed_by_outcome", ("C", "Bob"): ""}


def test_one_no_is_not_enough_where_the_rule_asks_for_two(bob: Client) -> None:
    asked, same = version("A", family="F"), version("B", family="F")
    run([(asked, bob)], now=make.NOW)
    feedback(Hit.objects.get(), "not_interested", "1")
    once = stops(run([(same, bob)], now=make.NOW, day=TOMORROW))
    services.record_feedback(
        hit_uid=Hit.objects.get(strategy=asked.strategy).uid, contact="reached", response="not_interested",
        verdict="", staff=None, idem_key="2", now=make.NOW + timedelta(hours=1),
    )  # fmt: skip

    twice = stops(run([(same, bob)], now=make.NOW, day=TOMORROW))

    assert (once, twice) == ({("B", "Bob"): ""}, {("B", "Bob"): "suppressed_by_outcome"})


def test_a_family_comes_only_so_often(bob: Client) -> None:
    family = [version(f"A{n}", family="F", action="push", handler="system") for n in range(3)]
    for number in range(2):
        run([(family[number], bob)], now=make.NOW)
        services.report_delivered(hits=[Hit.objects.get(strategy=family[number].strategy)], now=make.NOW)

    done = run([(family[2], bob)], now=make.NOW)

    assert stops(done)[("A2", "Bob")] == "cap_family"


def test_a_universal_draw_holds_a_few_out_of_everything_but_risk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "bucket_of", lambda salt, client_id: 299 + client_id % 2)  # 3 % are buckets 0–299
    clients = [make.client(f"C{n}", login=False) for n in range(60)]
    draw = UniversalDraw.objects.create(from_day=DAY, to_day=DAY + timedelta(days=300), pct=3, salt="s")
    service, risk = version("S"), version("R", purpose="risk", handler="call_centre")

    done = run([(of, client) for of in (service, risk) for client in clients], now=make.NOW)

    held = set(UniversalHoldout.objects.filter(draw=draw, held=True).values_list("client__name", flat=True))
    reasons = stops(done)
    assert held == {client.name for client in clients if client.pk % 2 == 0}
    assert UniversalHoldout.objects.count() == 60
    assert {name for (_code, name), why in reasons.items() if why == "holdout_universal"} == held
    assert {reasons[("R", client.name)] for client in clients} == {""}


def assess(of: Client, level: int, *, lowest: bool = False) -> None:
    RiskAssessment.objects.create(
        client=of, level=level, lowest=lowest, assessed_on=DAY - timedelta(days=1), valid_to=DAY + timedelta(days=300)
    )


@pytest.mark.parametrize(
    ("level", "lowest", "needs", "reason"),
    [
        (3, False, {"product_level": 3}, ""),
        (3, False, {"product_level": 4}, "unsuitable"),
        (1, True, {"product_level": 1}, ""),
        (1, True, {"product_level": 2}, "unsuitable"),
        (4, False, {"permission_code": "STAR"}, ""),
        (3, False, {"permission_code": "STAR"}, "unsuitable"),
        (5, True, {"permission_code": "STAR"}, "unsuitable"),
        (5, False, {"permission_code": "NOBODY"}, "unsuitable"),
        (None, False, {"product_level": 1}, "assessment_expired"),
    ],
)
def test_what_is_offered_never_lies_above_the_client(
    bob: Client, level: int | None, lowest: bool, needs: dict[str, object], reason: str
) -> None:
    if level is not None:
        assess(bob, level, lowest=lowest)

    done = run([(version("A", suitability_gate=True, **needs), bob)], now=make.NOW)

    assert stops(done) == {("A", "Bob"): reason}
