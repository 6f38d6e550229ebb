"""More hits than a client should get or people can take: who is served, and what the others are told."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from clients.register.models import Client, Consent
from clients.shared.advisory import Space
from kpm.strategies.models import Assignment, CapacityBudget, Hit
from tests import factories as make
from tests.kpm.strategies import rounds
from tests.kpm.strategies.rounds import DAY, budget, run, stops, version

pytestmark = pytest.mark.django_db


def willing(name: str, **fields: Any) -> Client:
    """A client who agreed to marketing."""
    client = make.client(name, login=False, **fields)
    Consent.objects.create(client=client, purpose="marketing", version="1", given=True, at=make.NOW, channel="app")
    return client


def test_the_best_hit_of_a_family_wins_and_the_other_names_it() -> None:
    bob = make.client("Bob")
    strong, weak = version("A", family="F", value=200), version("B", family="F", value=100)

    done = run([(strong, bob), (weak, bob)], now=make.NOW)

    lost = Hit.objects.get(strategy=weak.strategy)
    assert stops(done) == {("A", "Bob"): "", ("B", "Bob"): "lost_to_stronger"}
    assert lost.lost_to == Hit.objects.get(strategy=strong.strategy).uid
    assert (lost.score, lost.would_win) == (5.0, False)


def test_a_risk_hit_comes_before_a_service_hit_of_its_family_whatever_the_score() -> None:
    bob = make.client("Bob")
    risk = version("A", family="F", value=1, purpose="risk", handler="call_centre")
    service = version("B", family="F", value=9000)

    done = run([(risk, bob), (service, bob)], now=make.NOW)

    assert stops(done) == {("A", "Bob"): "", ("B", "Bob"): "lost_to_stronger"}


def test_a_cap_holds_within_one_run_too() -> None:
    bob = willing("Bob")
    pushes = [
        version(code, purpose="marketing", action="push", handler="system", channels=["inbox"], value=value)
        for code, value in (("A", 100), ("B", 300), ("C", 200))
    ]

    done = run([(push, bob) for push in pushes], now=make.NOW)

    assert stops(done) == {
        ("A", "Bob"): "lost_to_stronger", ("B", "Bob"): "", ("C", "Bob"): "lost_to_stronger",
    }  # fmt: skip
    assert {hit.lost_to for hit in Hit.objects.exclude(stopped_by="")} == {Hit.objects.get(strategy__code="B").uid}


def test_a_risk_message_takes_its_part_of_the_service_cap() -> None:
    bob = make.client("Bob")
    risks = [version(f"R{n}", purpose="risk", action="push", handler="system") for n in range(2)]
    service = version("S", action="push", handler="system")

    done = run([(one, bob) for one in (*risks, service)], now=make.NOW)

    assert stops(done) == {("R0", "Bob"): "", ("R1", "Bob"): "", ("S", "Bob"): "lost_to_stronger"}


def test_a_pool_takes_the_best_and_risk_first() -> None:
    bobs = [make.client(f"Bob {n}", at=make.branch("HF01"), login=False) for n in range(3)]
    low, high = version("L", value=10, handler="call_centre"), version("H", value=20, handler="call_centre")
    risk = version("R", purpose="risk", value=1, handler="call_centre")
    budget("call_centre", 2)

    done = run([(low, bobs[0]), (high, bobs[1]), (risk, bobs[2])], now=make.NOW)

    assert stops(done) == {("L", "Bob 0"): "no_capacity", ("H", "Bob 1"): "", ("R", "Bob 2"): ""}
    assert list(Hit.objects.filter(stopped_by="").order_by("rank").values_list("strategy__code", "rank")) == [
        ("R", 1), ("H", 2),
    ]  # fmt: skip


def test_a_person_takes_no_more_than_he_can() -> None:
    alice = make.staff("Alice")
    bobs = [make.client(f"Bob {n}", manager=alice, login=False) for n in range(2)]
    one, two = version("A", value=10), version("B", value=20)
    budget(f"staff:{alice.pk}", 1)

    done = run([(one, bobs[0]), (two, bobs[1])], now=make.NOW)

    assert stops(done) == {("A", "Bob 0"): "no_capacity", ("B", "Bob 1"): ""}


def test_who_is_refused_by_a_pool_lets_the_client_propose_his_next() -> None:
    bob, charlie = make.client("Bob", login=False), make.client("Charlie", login=False)
    best, rival = version("A", value=30, handler="call_centre"), version("R", value=90, handler="call_centre")
    # A client has room for one call of service; the next best proposes only when the best is refused.
    second, third = version("B", value=20), version("C", value=10)
    budget("call_centre", 1)

    done = run([(best, bob), (rival, charlie), (second, bob), (third, bob)], now=make.NOW)

    assert stops(done) == {
        ("A", "Bob"): "no_capacity", ("R", "Charlie"): "", ("B", "Bob"): "", ("C", "Bob"): "lost_to_stronger",
    }  # fmt: skip
    assert Hit.objects.get(strategy=third.strategy).lost_to == Hit.objects.get(strategy=second.strategy).uid


def test_the_held_out_would_have_won_and_his_place_is_filled() -> None:
    bob, charlie = make.client("Bob", login=False), make.client("Charlie", login=False)
    strong = version("A", value=20, handler="call_centre", holdout_pct=10)
    weak = version("B", value=10, handler="call_centre")
    Assignment.objects.create(strategy=strong.strategy, client=bob, arm="held_out", bucket=1, assigned_on=DAY)
    budget("call_centre", 1)

    done = run([(strong, bob), (weak, charlie)], now=make.NOW)

    held, filled = Hit.objects.get(client=bob), Hit.objects.get(client=charlie)
    assert stops(done) == {("A", "Bob"): "holdout_strategy", ("B", "Charlie"): ""}
    assert (held.would_win, held.used_on, filled.would_win, filled.refill) == (True, DAY, False, True)


def test_a_held_out_who_would_not_have_won_keeps_his_occurrence() -> None:
    bob, charlie = make.client("Bob", login=False), make.client("Charlie", login=False)
    weak = version("A", value=10, handler="call_centre", holdout_pct=10)
    strong = version("B", value=20, handler="call_centre")
    Assignment.objects.create(strategy=weak.strategy, client=bob, arm="held_out", bucket=1, assigned_on=DAY)
    budget("call_centre", 1)

    run([(weak, bob), (strong, charlie)], now=make.NOW)

    held = Hit.objects.get(client=bob)
    assert (held.stopped_by, held.would_win, held.used_on) == ("holdout_strategy", False, None)


def test_no_capacity_on_monday_is_served_on_tuesday_once() -> None:
    bob = make.client("Bob")
    work = version("A", handler="call_centre")
    budget("call_centre", 0)
    budget("call_centre", 1, DAY + timedelta(days=1))

    monday = run([(work, bob)], now=make.NOW)
    refused = Hit.objects.get()
    tuesday = run([(work, bob)], now=make.NOW, day=DAY + timedelta(days=1))

    served = Hit.objects.get()
    assert refused.stopped_by == "no_capacity"
    assert (served.uid, served.first_day, served.last_day, served.stopped_by) == (
        refused.uid, DAY, DAY + timedelta(days=1), "",
    )  # fmt: skip
    assert (monday.state, tuesday.state) == ("published", "published")


Hits = list[tuple[int, int, int, int]]
POOLS = (("call_centre", "call_centre"), ("client_manager", "client_manager:XX"))


def greedy(hits: Hits, room: int, capacities: dict[int, int]) -> set[int]:
    """Take hits one by one from the best, while the client and the pool have room: the plain rule."""
    taken: set[int] = set()
    had: dict[int, int] = {}
    for number, client, pool, _value in sorted(hits, key=lambda hit: (-hit[3], hit[0])):
        if had.get(client, 0) < room and capacities[pool] > 0:
            taken.add(number)
            had[client] = had.get(client, 0) + 1
            capacities[pool] -= 1
    return taken


def test_who_hands_out_the_capacity_of_a_day_does_it_alone_until_he_has_published() -> None:
    client = make.client(manager=make.staff())

    with rounds.round_of([(version("A"), client)], day=DAY, now=make.NOW) as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s", [Space.WORK_DAY])
        held = cursor.fetchone()

    assert held == (1,)


@st.composite
def days(draw: st.DrawFn) -> tuple[Hits, dict[int, int]]:
    """Up to 14 hits of different value over 4 clients and 2 pools, and how much each pool takes."""
    count = draw(st.integers(1, 14))
    values = draw(st.permutations(range(1, count + 1)))
    hits = [(n, draw(st.integers(0, 3)), draw(st.integers(0, 1)), values[n]) for n in range(count)]
    return hits, {0: draw(st.integers(0, 5)), 1: draw(st.integers(0, 5))}


class Rounds(TestCase):
    """The rounds of the database choose what the plain rule chooses."""

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(days())
    def test_rounds_equal_taking_hits_one_by_one(self, day: tuple[Hits, dict[int, int]]) -> None:
        hits, capacities = day
        people = [make.client(f"P{n}", login=False, at=make.branch("XX")) for n in range(4)]
        versions = [version(str(number), handler=POOLS[pool][0], value=value) for number, _who, pool, value in hits]
        for pool, capacity in capacities.items():
            budget(POOLS[pool][1], capacity)
        found = [(versions[number], people[client]) for number, client, _pool, _value in hits]

        with rounds.round_of(found, day=DAY, now=make.NOW) as cursor:
            cursor.execute(
                "SELECT s.code FROM m JOIN strategies_strategy s ON s.id = m.strategy_id WHERE stopped_by = ''"
            )
            won = {int(code) for (code,) in cursor.fetchall()}

        assert won == greedy(hits, 1, dict(capacities))
        CapacityBudget.objects.all().delete()
