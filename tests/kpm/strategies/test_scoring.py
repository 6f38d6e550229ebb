"""What a score is made of, what is kept of it, and the few slots that go to losers to learn from them."""

import math
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest

from kpm.strategies.models import GoalRate, Hit, Stage, StrategyVersion
from kpm.strategies.scores import scores
from tests import factories as make
from tests.kpm.strategies import rounds
from tests.kpm.strategies.rounds import DAY, budget, run, version
from tests.kpm.strategies.test_arbitrate import Hits, greedy

pytestmark = pytest.mark.django_db
CENTRE = "call_centre"


def rate(of: StrategyVersion, share: float, *, own: bool = False, segment: str = "") -> None:
    GoalRate.objects.create(
        family=of.strategy.family, strategy=of.strategy if own else None, segment=segment, rate=share, counted_on=DAY
    )


def test_the_score_keeps_what_it_is_made_of() -> None:
    of = version("A", value=200, lever=Decimal("1.5"), contact_cost=3)
    rate(of, 0.1)

    run([(of, make.client("Bob", login=False))], now=make.NOW)

    hit = Hit.objects.get()
    assert hit.factors == {"p": 0.1, "c": 1, "v": 200, "l": 1.5, "cost": 3, "segment": ""}
    assert hit.score == pytest.approx(0.1 * 200 * 1.5 - 3)


def test_a_strategy_in_a_segment_comes_before_its_family() -> None:
    of = version("A")
    rate(of, 0.1)
    rate(of, 0.3, own=True)
    rate(of, 0.7, own=True, segment="gold")

    run([(of, make.client("Bob", login=False))], now=make.NOW)

    assert Hit.objects.get().factors["p"] == 0.3


def test_a_signal_fades_while_its_hit_waits() -> None:
    of, bob = version("A", handler=CENTRE), make.client("Bob", login=False)
    budget(CENTRE, 0)
    run([(of, bob)], now=make.NOW)
    later = DAY + timedelta(days=3)

    run([(of, bob)], now=make.NOW + timedelta(days=3), day=later)

    assert Hit.objects.get().factors["c"] == pytest.approx(math.exp(-3 / scores().context["half_life_days"]))


@pytest.mark.parametrize(("prefers", "name"), [("phone", "channel_fits"), ("app", "channel_misfits")])
def test_the_way_he_is_best_reached_by_weighs(prefers: str, name: str) -> None:
    of, bob = version("A"), make.client("Bob", login=False)

    with rounds.round_of([(of, bob)], day=DAY, now=make.NOW, prefers=prefers) as cursor:
        cursor.execute("SELECT context FROM m")
        context = cursor.fetchone()[0]

    assert context == scores().context[name]


def test_who_finds_no_capacity_is_told_whose_how_much_and_what_the_last_one_scored() -> None:
    strong, weak = version("A", handler=CENTRE, value=900), version("B", handler=CENTRE, value=100)
    budget(CENTRE, 1)

    run([(strong, make.client("Bob", login=False)), (weak, make.client("Charlie", login=False))], now=make.NOW)

    winner, loser = Hit.objects.order_by("strategy__code")
    assert (loser.stopped_by, winner.refusal) == ("no_capacity", None)
    assert loser.refusal == {"pool": CENTRE, "capacity": 1, "last": winner.score}


def crowd(purpose: str, count: int = 60) -> list[tuple[StrategyVersion, object]]:
    """So many clients, each with a hit of his own value, for 40 slots of the call centre."""
    budget(CENTRE, 40)
    versions = [version(f"{n:02}", handler=CENTRE, value=100 + n, purpose=purpose) for n in range(count)]
    return [(of, make.client(f"P{n}", login=False)) for n, of in enumerate(versions)]


def test_one_slot_in_twenty_explores_what_capacity_refused_with_its_chance() -> None:
    run(crowd("service"), now=make.NOW)

    winners = Hit.objects.filter(stage=Stage.WITHIN_CAPACITY)
    drawn = winners.exclude(propensity=None)
    best = set(Hit.objects.order_by("-score").values_list("pk", flat=True)[:38])
    assert (winners.count(), drawn.count()) == (40, 2)
    assert set(winners.filter(propensity=None).values_list("pk", flat=True)) == best
    assert all(0 < hit.propensity < 1 and not hit.would_win and not hit.refill for hit in drawn)


def test_the_draw_is_the_same_for_the_same_day_and_another_on_another() -> None:
    found = crowd("service")
    drawn = []
    for day in (DAY, DAY, DAY + timedelta(days=3)):
        budget(CENTRE, 40, day)
        with rounds.round_of(found, day=day, now=make.NOW) as cursor:
            cursor.execute("SELECT version_id FROM m WHERE propensity IS NOT NULL ORDER BY 1")
            drawn.append(cursor.fetchall())

    assert drawn[0] == drawn[1]
    assert len(drawn[2]) == 2


def test_nobody_explores_with_risk() -> None:
    run(crowd("risk"), now=make.NOW)

    assert not Hit.objects.exclude(propensity=None).exists()


def optimum(hits: Hits, had: frozenset[int], capacities: tuple[int, int]) -> int:
    """The most that can be had at all, with one hit a client: every choice is looked at."""
    if not hits:
        return 0
    (_number, client, pool, value), *rest = hits
    without = optimum(rest, had, capacities)
    if client in had or not capacities[pool]:
        return without
    left = (capacities[0] - (pool == 0), capacities[1] - (pool == 1))
    return max(without, value + optimum(rest, had | {client}, left))


def test_taking_the_best_first_is_close_to_the_best_that_can_be_had() -> None:
    """The rounds of the database equal this plain rule (test_arbitrate)."""
    dice, ratios = Random(20260), []
    for _day in range(300):
        count = dice.randint(2, 12)
        hits = [(n, dice.randrange(5), dice.randrange(2), round(dice.lognormvariate(4, 1))) for n in range(count)]
        capacities = (dice.randint(1, 5), dice.randint(1, 5))
        best = optimum(hits, frozenset(), capacities)
        taken = greedy(hits, 1, dict(enumerate(capacities)))
        ratios.append(sum(hits[n][3] for n in taken) / best)

    assert sum(ratios) / len(ratios) >= 0.98
    assert min(ratios) >= 0.5
