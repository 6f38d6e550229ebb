"""A run that finds far more than usual, or another number than was signed, delivers nothing of that version."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from clients.market.calendar import calendar
from clients.portrait.spreads import Lying
from clients.register.models import Client
from kpm.strategies import services
from kpm.strategies.figures import breaker, launch
from kpm.strategies.models import Funnel, Run, Signature, StrategyHold, StrategyVersion, VersionEvent
from kpm.strategies.services import breaker as breaking
from kpm.strategies.services import judge as judging
from kpm.strategies.services.finding import FOUND
from kpm.strategies.services.places import Place
from tests import factories
from tests.factories import NOW
from tests.kpm.strategies import rounds
from tests.kpm.strategies.launching import business

pytestmark = pytest.mark.django_db
DAY = rounds.DAY
AFTER_HOLIDAYS = date(2026, 10, 8)  # the last day before them is 30 September


@pytest.fixture
def clients(monkeypatch: pytest.MonkeyPatch) -> list[Client]:
    """Twelve clients, and figures that so few can reach."""
    monkeypatch.setattr(breaking, "breaker", lambda: replace(breaker(), least_hits=1))
    monkeypatch.setattr(breaking, "breaker_of", lambda own: replace(breaker(), **{"least_hits": 1, "share": 2, **own}))
    monkeypatch.setattr(breaking, "launch", lambda: replace(launch(), band_least=0))
    place = factories.staff()
    return [factories.client(manager=place) for _number in range(12)]


def installed(code: str, **fields: Any) -> StrategyVersion:
    version = rounds.version(code, **fields)
    VersionEvent.objects.create(version=version, kind="launched", by=None, at=NOW)
    return version


def past(version: StrategyVersion, clients: Sequence[Client], counts: Sequence[int], until: date = DAY) -> None:
    """Runs of the days before, in which the version matched so many."""
    days = calendar().window(until, len(counts) + 1)
    for day, count in zip(days, counts, strict=False):
        run, _new = Run.objects.get_or_create(
            day=day, slot="after_settlement", state=Run.State.PUBLISHED, defaults={"cutoff": NOW, "started_at": NOW}
        )
        Funnel.objects.create(run=run, version=version, branch=clients[0].branch, step=1, n=count)


def judged(pairs: dict[StrategyVersion, Sequence[Client]], day: date = DAY) -> dict[str, set[tuple[int, str]]]:
    """Where the hits of each version ended, with the breaker at work."""
    attempt = Run.objects.filter(day=day).count() + 1
    run = Run.objects.create(day=day, slot="after_settlement", attempt=attempt, cutoff=NOW, started_at=NOW)
    places = [Place(version) for version in pairs]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS found")
        cursor.execute(FOUND)
        for version, clients in pairs.items():
            for client in clients:
                cursor.execute("INSERT INTO found VALUES (%s, %s, NULL, '{}')", [version.pk, client.pk])
        judging.judge(
            cursor, list(pairs), day=day, now=NOW, cal=calendar(),
            guard=lambda opened: breaking.hold(opened, run, places, NOW),
        )  # fmt: skip
        cursor.execute("SELECT version_id, stage, stopped_by FROM m")
        rows = cursor.fetchall()
    return {v.strategy.code: {(s, r) for pk, s, r in rows if pk == v.pk} for v in pairs}


def test_more_than_three_times_the_median_is_held_and_the_others_go_on(clients: list[Client]) -> None:
    wild, calm = installed("WILD"), installed("CALM")
    past(wild, clients, [2, 2, 1, 3, 2])

    found = judged({wild: clients[:7], calm: clients[7:]})

    assert found == {"WILD": {(7, "held_breaker")}, "CALM": {(9, "")}}
    hold = StrategyHold.objects.get()
    assert (hold.version, hold.kind, hold.what, hold.value, hold.usual, hold.limit) == (
        wild, "held_breaker", "median", 7, 2, 6,
    )  # fmt: skip


def test_after_a_week_of_holidays_a_count_of_what_happened_since_is_not_held(clients: list[Client]) -> None:
    happened, stands = installed("HAPPENED"), installed("STANDS")
    past(happened, clients, [1, 1, 3, 1, 1, 1, 3, 1, 1], until=AFTER_HOLIDAYS)
    past(stands, clients, [1, 1, 1, 1, 1, 1, 1, 1, 1], until=AFTER_HOLIDAYS)

    found = judged({happened: clients[:7], stands: clients[7:11]}, AFTER_HOLIDAYS)

    assert found == {"HAPPENED": {(9, "")}, "STANDS": {(7, "held_breaker")}}


def test_six_of_a_median_of_two_are_delivered(clients: list[Client]) -> None:
    calm = installed("CALM")
    past(calm, clients, [2, 2, 1, 3, 2])

    assert judged({calm: clients[:6]}) == {"CALM": {(9, "")}}
    assert not StrategyHold.objects.exists()


def test_what_is_held_stays_held_until_an_approver_releases_it_with_a_reason(clients: list[Client]) -> None:
    wild, ben = installed("WILD"), business()
    past(wild, clients, [2, 2, 1, 3, 2])
    judged({wild: clients[:7]})
    hold = StrategyHold.objects.get()
    still = judged({wild: clients[:2]})
    for by, reason in ((factories.staff("Mia").user, "fine"), (ben, " ")):
        with pytest.raises(services.CannotChange):
            services.release(hold=hold, by=by, now=NOW, reason=reason)

    services.release(hold=hold, by=ben, now=NOW, reason="a market day")

    assert still == {"WILD": {(7, "held_breaker")}}
    assert judged({wild: clients[:8]}) == {"WILD": {(9, "")}}
    assert judged({wild: clients[:10]}) == {"WILD": {(7, "held_breaker")}}  # again more than was released
    assert VersionEvent.objects.filter(kind="released", by=ben).count() == 1


def test_the_held_out_of_a_held_version_are_no_ghosts(clients: list[Client], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kpm.strategies.services.holding.bucket_of", lambda salt, client: 0)
    wild = installed("WILD", holdout_pct=10)
    past(wild, clients, [1, 1, 1, 1, 1])

    found = judged({wild: clients[:7]})

    assert found == {"WILD": {(6, "holdout_strategy")}}
    assert StrategyHold.objects.count() == 1


@pytest.mark.parametrize(("low", "high", "ends"), [(3, 5, (9, "")), (5, 9, (7, "held_signature"))])
def test_the_first_run_delivers_within_the_signed_band_only(
    clients: list[Client], low: int, high: int, ends: tuple[int, str]
) -> None:
    version = rounds.version("OWN")
    Signature.objects.create(version=version, matched=5, low=low, high=high, by=business(), at=NOW)

    assert judged({version: clients[:4]}) == {"OWN": {ends}}


def test_without_a_number_the_first_run_asks_and_a_new_signature_lets_the_next_through(clients: list[Client]) -> None:
    version, ben = rounds.version("OWN"), business()

    first = judged({version: clients[:4]})
    services.release(hold=StrategyHold.objects.get(), by=ben, now=NOW, reason="as it should be")
    second = judged({version: clients[:4]})

    assert (first, second) == ({"OWN": {(7, "held_signature")}}, {"OWN": {(9, "")}})
    signed = Signature.objects.get()
    assert (signed.matched, signed.by, signed.run) == (4, ben, StrategyHold.objects.get().run)


def lying(unknown: int, median: float) -> dict[str, Lying]:
    return {"cash_ratio": Lying("cash_ratio", 100, unknown, None, None, median, None, None)}


@pytest.mark.parametrize(
    ("tonight", "what"),
    [
        (lying(10, 0.5), ""), (lying(31, 0.5), "unknown:cash_ratio"), (lying(10, 50), "size:cash_ratio"),
        (lying(10, 0.005), "size:cash_ratio"), (lying(10, 0.0), "zero:cash_ratio"), ({}, ""),
    ],
)  # fmt: skip
def test_a_feature_that_jumped_holds_who_reads_it_for_every_purpose(
    clients: list[Client], monkeypatch: pytest.MonkeyPatch, tonight: dict[str, Lying], what: str
) -> None:
    monkeypatch.setattr(breaking, "_nights", lambda day: (tonight, [lying(10, 0.5)] * 5))
    reads = installed("READS", features=["cash_ratio"], purpose="risk")
    other = installed("OTHER", features=["top1_position_ratio"])

    found = judged({reads: clients[:2], other: clients[2:4]})

    assert found["OTHER"] == {(9, "")}
    assert found["READS"] == ({(7, "held_breaker")} if what else {(9, "")})
    assert [hold.what for hold in StrategyHold.objects.all()] == ([what] if what else [])


@pytest.mark.parametrize(("usual", "held"), [(5.0, False), (6.0, True)])
def test_a_count_that_falls_to_nothing_is_held_where_it_was_large(
    clients: list[Client], monkeypatch: pytest.MonkeyPatch, usual: float, held: bool
) -> None:
    name = "account_age_days"
    nights = [{name: Lying(name, 100, 0, None, None, middle, None, None)} for middle in (0.0, *[usual] * 5)]
    monkeypatch.setattr(breaking, "_nights", lambda day: (nights[0], nights[1:]))
    reads = installed("READS", features=[name])

    judged({reads: clients[:2]})

    assert [(hold.what, hold.usual) for hold in StrategyHold.objects.all()] == ([(f"zero:{name}", 6.0)] if held else [])
