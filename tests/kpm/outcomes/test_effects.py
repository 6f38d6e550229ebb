"""Effects of versions: who is compared, in which state, in which words; goal rates; a day of all three."""

import re
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import translation

from clients.org.models import Role
from clients.register.models import Client
from clients.shared import clock
from kpm.outcomes import processes, selectors, services, words
from kpm.outcomes.figures import figures
from kpm.outcomes.models import EffectSnapshot, Outcome
from kpm.strategies.models import Assignment, GoalRate, Hit, HitFeedback, StrategyVersion, VersionEvent
from tests import factories as make
from tests.clients.portrait.screen import Event, happen
from tests.kpm.outcomes.world import CLOSED, SERVED, hit, now, settle, version

pytestmark = pytest.mark.django_db
GOAL = "since_hit_login_cnt >= 1"


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


@pytest.fixture
def of() -> StrategyVersion:
    """A version of which one in ten is held out."""
    return version("A", goal=GOAL, goal_window=3, holdout_pct=10)


def known(of: StrategyVersion, client: Client, value: bool | None, *, end: date = CLOSED, **fields: Any) -> Hit:
    """A hit with its outcome, at an occurrence of its own."""
    found = hit(of, client, occurrence=f"o{Hit.objects.count()}", **fields)
    reason = "closed" if value is None else ""
    Outcome.objects.create(hit=found, window_end=end, value=value, reason=reason, observed_at=now())
    return found


def arm(of: StrategyVersion, client: Client, n: int, x: int, **fields: Any) -> None:
    for number in range(n):
        known(of, client, number < x, **fields)


def row(**fields: Any) -> EffectSnapshot:
    """A snapshot with these numbers."""
    zero = dict.fromkeys(("treated_n", "treated_x", "treated_missing", "held_n", "held_x", "held_missing"), 0)
    return EffectSnapshot(day=CLOSED, **{**zero, **fields})


def whole() -> EffectSnapshot:
    return EffectSnapshot.objects.get(branch=None, month=None)


def test_only_those_who_would_have_won_are_compared(of: StrategyVersion) -> None:
    bob, carl = make.client("Bob"), make.client("Carl")
    known(of, bob, True)
    known(of, bob, False)
    known(of, bob, None)
    known(of, bob, True, refill=True, would_win=False)
    known(of, bob, True, end=CLOSED + timedelta(days=3))
    known(of, carl, True, held=True)

    written = services.snapshot_effects(day=CLOSED)

    found = whole()
    assert written == 6  # all branches, Bob's and Carl's, each also for the month
    assert (found.treated_n, found.treated_x, found.treated_missing) == (2, 1, 1)
    assert (found.held_n, found.held_x, found.held_missing) == (1, 1, 0)
    assert (found.state, found.difference) == ("collecting", -0.5)
    parts = EffectSnapshot.objects.exclude(branch=None).values_list("branch", "month", "treated_n", "held_n")
    november = SERVED.replace(day=1)
    assert set(parts) == {
        (bob.branch_id, None, 2, 0), (bob.branch_id, november, 2, 0),
        (carl.branch_id, None, 0, 1), (carl.branch_id, november, 0, 1),
    }  # fmt: skip


def test_a_hit_that_was_delivered_late_stays_in_its_arm(of: StrategyVersion) -> None:
    late, dan = known(of, make.client("Bob"), True), make.client("Dan")
    known(of, dan, False, held=True)
    found_on = late.last_day - timedelta(days=2)
    Hit.objects.filter(pk=late.pk).update(first_day=found_on, last_day=found_on)

    services.snapshot_effects(day=CLOSED)

    found = whole()
    assert (found.treated_n, found.treated_x, found.held_n, found.held_x) == (1, 1, 1, 0)


def test_a_correction_counts_instead_of_what_it_corrects(of: StrategyVersion) -> None:
    first = Outcome.objects.get(hit=known(of, make.client(), False))
    Outcome.objects.create(hit=first.hit, corrects=first, window_end=CLOSED, value=True, observed_at=now())

    services.snapshot_effects(day=CLOSED)

    assert (whole().treated_n, whole().treated_x) == (1, 1)


def test_a_line_is_written_only_when_the_numbers_moved(of: StrategyVersion) -> None:
    known(of, make.client(), True)
    services.snapshot_effects(day=CLOSED)

    again = services.snapshot_effects(day=CLOSED)
    later = services.snapshot_effects(day=CLOSED + timedelta(days=3))

    assert (again, later) == (0, 0)
    assert EffectSnapshot.objects.count() == 4


def test_arms_that_the_draw_does_not_explain_are_unhealthy(of: StrategyVersion) -> None:
    for number in range(24):
        client, held = make.client(login=False), number % 2 == 0
        known(of, client, True, held=held)
        Assignment.objects.create(
            strategy=of.strategy, client=client, arm="held_out" if held else "treated", bucket=1, assigned_on=SERVED
        )

    services.snapshot_effects(day=CLOSED)

    assert whole().state == "unhealthy"
    assert whole().faults == ["sample_ratio"]
    assert "Unhealthy: the arms differ in size more than chance allows (12 treated" in words.say_snapshot(of, whole())


def test_a_part_is_measured_when_both_arms_are_large_enough(of: StrategyVersion) -> None:
    least, branch = figures().least_outcomes, make.branch("Part")
    arm(of, make.client("Bob", at=branch), least, 40)
    arm(of, make.client("Ben", at=branch), least, 10, held=True)

    services.snapshot_effects(day=CLOSED)

    part = EffectSnapshot.objects.get(branch=branch, month=None)
    assert (part.state, whole().state) == ("measured", "collecting")
    assert words.say_snapshot(of, part) == (
        "treated 40 of 50 (80.0%, 67.0% to 88.8%); held out 10 of 50 (20.0%, 11.2% to 33.0%). Difference +60.0 points, "
        "interval +41.6 to +72.4: the treated reach it more often. The interval is that of one look, not of looking "
        "every day."
    )


@pytest.mark.parametrize(
    ("fields", "numbers", "said"),
    [
        ({"goal": ""}, {}, "No goal that a client who is not served could reach too"),
        ({"goal": "since_hit_csat >= 4"}, {}, "It waits for: ratings (chat)."),
        ({"goal": GOAL}, {}, "No window has closed yet."),
        (
            {"goal": GOAL},
            {"state": "collecting", "treated_n": 300, "held_n": 31},
            "Collecting: 300 treated and 31 held out so far; 50 in each arm are needed.",
        ),
        (
            {"goal": GOAL},
            {"state": "no_holdout", "treated_n": 4, "treated_x": 1},
            "Nobody is held out, so this is no effect: treated 1 of 4 (25.0%, 4.6% to 69.9%).",
        ),
        (
            {"goal": GOAL},
            {"state": "measured", "treated_n": 1800, "treated_x": 126, "held_n": 200, "held_x": 10,
             "difference": 0.02, "lower": -0.0213, "upper": 0.0456},
            "treated 126 of 1,800 (7.0%, 5.9% to 8.3%); held out 10 of 200 (5.0%, 2.7% to 9.0%). "
            "Difference +2.0 points, interval −2.1 to +4.6: not proven.",
        ),
    ],
)  # fmt: skip
def test_every_state_says_what_it_means(fields: dict[str, Any], numbers: dict[str, Any], said: str) -> None:
    of = StrategyVersion(**fields)

    assert said in words.say_snapshot(of, row(**numbers) if numbers else None)


def test_goal_rates_come_from_what_was_delivered_and_has_closed(of: StrategyVersion) -> None:
    bob, least = make.client("Bob"), figures().rate_m_least
    arm(of, bob, 30, 12)
    arm(of, bob, 10, 10, held=True)
    known(of, bob, True, end=CLOSED + timedelta(days=3))
    known(of, bob, None)

    written, again = services.write_goal_rates(day=CLOSED), services.write_goal_rates(day=CLOSED)

    rate, own = GoalRate.objects.order_by("pk")
    line = (12 + least * 0.05) / (30 + least)
    assert (written, again) == (2, 0)
    assert (rate.family, rate.strategy, rate.trials, rate.counted_on) == ("A", None, 30, CLOSED)
    assert rate.rate == pytest.approx((12 + 400 * line) / 430)
    assert (own.family, own.strategy, own.segment, own.trials) == ("A", of.strategy, "", 30)
    assert own.rate == pytest.approx((12 + 400 * rate.rate) / 430)


def test_a_segment_that_differs_from_its_strategy_gets_a_rate_of_its_own(of: StrategyVersion) -> None:
    bob, charlie = make.client("Bob"), make.client("Charlie")
    arm(of, bob, 200, 20)
    arm(of, charlie, 200, 100)
    Hit.objects.filter(client=charlie).update(factors={"segment": "gold"})

    services.write_goal_rates(day=CLOSED)

    plain, gold = (GoalRate.objects.get(strategy=of.strategy, segment=name).rate for name in ("", "gold"))
    assert 0.1 < plain < 0.15
    assert 0.45 < gold < 0.5


def test_a_day_is_taken_stock_of_once(of: StrategyVersion) -> None:
    bob = make.client("Bob")
    hit(of, bob)
    happen(Event(bob, "signed_in", back=1))
    settle(CLOSED)

    first = services.take_stock(day=CLOSED, now=now())
    again = services.take_stock(day=CLOSED, now=now())

    assert first == services.Stock(services.Measured(1, 0), effects=4, rates=2, stopped=0)
    assert again == services.Stock(services.Measured(0, 0), effects=0, rates=0, stopped=0)


def test_the_page_of_a_strategy_shows_its_effect(of: StrategyVersion) -> None:
    known(of, make.client("Bob"), True)
    services.snapshot_effects(day=CLOSED)
    browser = Browser(headers={"accept-language": "en"})
    alice = make.staff("Alice", roles=(Role.ADMINISTRATOR,))
    browser.force_login(alice.user, backend="clients.org.backends.StaffBackend")

    page = browser.get(f"/admin/strategies/strategy/{of.strategy_id}/change/").content.decode()
    lines = browser.get("/admin/outcomes/effectsnapshot/").content.decode()

    assert f"v1 · {CLOSED} · Collecting: 1 treated and 0 held out so far; 50 in each arm are needed." in page
    assert lines.count("Collecting: 1 treated and 0 held out so far") == 4


def test_without_a_hold_out_the_page_says_how_it_is_judged_instead(of: StrategyVersion) -> None:
    spared = version("S", holdout_pct=0)
    spared.strategy.live_version = spared
    spared.strategy.save()
    place = make.branch("HF01", name="Hefei")
    bob = make.client("Bob", manager=make.staff("Max", at=place))
    early, late = (known(spared, bob, day == SERVED, used_on=day) for day in (date(2026, 11, 10), SERVED))
    for number, (found, verdict) in enumerate([(early, "wrong"), (late, "right")]):
        HitFeedback.objects.create(
            hit=found, contact="reached", verdict=verdict, at=now(), idem_key=f"{number}", response="agreed"
        )
    browser = Browser(headers={"accept-language": "en"})
    browser.force_login(
        make.staff("Alice", roles=(Role.ADMINISTRATOR,)).user, backend="clients.org.backends.StaffBackend"
    )

    page = browser.get(f"/admin/strategies/strategy/{spared.strategy_id}/change/").content.decode()

    table = page[page.index("Days to delivery") : page.index("</table>", page.index("Days to delivery"))]
    assert re.findall(r"<td>(.*?)</td>", table) == [
        "0 of 1 (0.0%, 0.0% to 79.3%)", "1 of 1 (100.0%, 20.7% to 100.0%)", "0.0", "0.0",
        "0 of 1 (0.0%, 0.0% to 79.3%)", "1 of 1 (100.0%, 20.7% to 100.0%)",
    ] * 2  # fmt: skip
    assert re.findall(r"row\">(.*?)</th>", table) == ["All branches", "Hefei"]
    assert "Not causal" in page


def test_after_is_since_the_live_version_where_another_one_was_delivered_before(of: StrategyVersion) -> None:
    spared = version("S", holdout_pct=0)
    spared.strategy.live_version = spared
    launched = clock.at_shanghai(SERVED, time())
    VersionEvent.objects.create(version=spared, kind=VersionEvent.Kind.LAUNCHED, at=launched)
    for day in (date(2026, 11, 12), date(2026, 11, 13), SERVED):
        hit(spared, make.client(), used_on=day)

    found = processes.judged(spared.strategy)

    assert found is not None
    assert (found.since, found.lines[0].before.delivered, found.lines[0].after.delivered) == (launched, 2, 1)
    assert processes.judged(of.strategy) is None


def test_a_goal_is_met_by_what_happens_after_the_delivery_and_by_nothing_else(of: StrategyVersion) -> None:
    bob, ben = make.client("Bob"), make.client("Ben")
    stays = version("B", goal="since_hit_net_inflow >= 0", goal_window=3)
    hits = [hit(of, bob), hit(of, ben), hit(stays, bob)]
    happen(Event(bob, "signed_in", back=3, hour=21), Event(ben, "signed_in", back=3, hour=19))
    settle(SERVED)
    moment = now()

    met = selectors.goals_met(hits, now=moment)

    assert met == {hits[0].pk}
