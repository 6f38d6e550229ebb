"""What was concluded at the close of the trading day before is a feature of the day."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from clients.portrait import catalogue, selectors, services
from clients.portrait.traits import figures, occupation, rhythm, wide
from clients.portrait.traits.every import TRAITS
from clients.register.models import Client, Consent
from kpm.engine.check import compile_condition
from kpm.engine.match import Member, Source, match
from kpm.strategies import catalogue_of
from tests import factories as make
from tests.clients.portrait.screen import Event, happen
from tests.clients.portrait.traits.night import EVE, night, of, short
from tests.clients.portrait.world import DAY, now, run, value

EVENING = "trait_rhythm = 'evening' AND trait_rhythm_confidence > 0.7"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Little is computed: the group `portrait`, two traits, and what they stand on."""
    short(monkeypatch, rhythm.TRAIT, occupation.TRAIT)


def owl() -> Client:
    """A client who comes in the evening, on ten days before the eve."""
    bob = make.client("Bob")
    happen(*[Event(bob, "signed_in", back, 19) for back in range(2, 12)])
    return bob


def test_every_shown_trait_has_its_two_entries_and_no_other_has_one() -> None:
    entries = {one.name: one for one in catalogue.features() if one.group == "portrait"}

    assert sorted(entries) == sorted(f"trait_{name}{end}" for name in wide.shown() for end in ("", "_confidence"))
    for trait in TRAITS:
        if not figures.of(trait.name).hidden:
            entry, sure = entries[f"trait_{trait.name}"], entries[f"trait_{trait.name}_confidence"]
            assert entry.values == tuple(trait.values), trait.name
            assert entry.dtype == ("text" if trait.named else "enum")
            assert (sure.dtype, sure.unit, sure.minimum, sure.maximum) == ("decimal", "ratio", 0, 1)
            assert (entry.zero, sure.zero) == (False, False)


@pytest.mark.django_db
def test_a_trait_of_the_eve_is_a_feature_of_the_day_and_a_condition_finds_it(few: None) -> None:
    bob, ben = owl(), make.client("Ben")
    night(EVE)
    run()

    sure = of(bob, "rhythm", EVE).confidence
    with selectors.open_features(DAY) as (con, rows):
        found = match(Source(con, rows), [Member(1, compile_condition(EVENING, catalogue_of.catalogue()))])

    assert value(bob, "trait_rhythm") == "evening"
    assert value(bob, "trait_rhythm_confidence") == Decimal(str(round(sure or 0, 6)))
    assert [value(ben, name) for name in ("trait_rhythm", "trait_rhythm_confidence")] == [None, None]
    assert ([hit.client for hit in found.hits], found.broken) == ([bob.pk], [])


@pytest.mark.django_db
def test_without_traits_of_the_day_before_they_are_unknown_also_when_older_ones_are_there(few: None) -> None:
    bob = owl()
    night(EVE - timedelta(days=1))
    run(EVE)

    run(DAY)

    assert value(bob, "trait_rhythm", EVE) == "evening"
    assert value(bob, "trait_rhythm", DAY) is None


def test_a_value_that_the_trait_does_not_have_is_refused() -> None:
    with pytest.raises(Exception, match="dawn") as refused:
        compile_condition("trait_rhythm = 'dawn'", catalogue_of.catalogue())

    assert refused.type.__name__ == "ConditionError"


def _objects(bob: Client) -> None:
    services.object_to(client=bob, trait="rhythm", by=bob.user, now=now())


def _withdraws(purpose: str) -> Any:
    def consent(bob: Client) -> None:
        Consent.objects.create(client=bob, purpose=purpose, given=False, at=now(), version="v1", channel="app")

    return consent


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("says", "left"),
    [
        pytest.param(_objects, ["trait_occupation"], id="objects"),
        pytest.param(_withdraws("behaviour"), [], id="behaviour"),
        pytest.param(_withdraws("personalisation"), [], id="personalisation"),
        pytest.param(_withdraws("marketing"), ["trait_occupation", "trait_rhythm"], id="marketing"),
    ],
)
def test_what_he_says_after_the_eve_counts_on_the_day(few: None, says: Any, left: list[str]) -> None:
    bob = owl()
    Client.objects.filter(pk=bob.pk).update(occupation="retired")
    later = date(2026, 11, 23)  # the Monday on which the test is lived: what is said now is said of it
    night(DAY)

    says(bob)
    run(later)

    known = [name for name in ("trait_occupation", "trait_rhythm") if value(bob, name, later) is not None]
    assert known == left
