"""A night of traits sees what was known then, gives the same again, and goes on without what fails."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from clients.lake.reading import open_lake, relation
from clients.portrait import selectors, services
from clients.portrait.models import Declaration
from clients.portrait.traits import occupation, platform, publishing, rhythm, signs, wide
from clients.register.models import Client, Consent
from tests import factories as make
from tests.clients.portrait.screen import Event, happen
from tests.clients.portrait.traits.night import EVE, night, of, short, values
from tests.clients.portrait.world import DAY, now

pytestmark = pytest.mark.django_db
FEW = (rhythm.TRAIT, platform.TRAIT, occupation.TRAIT)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three traits: of the visits, of the sign-ins, and of what a client declared."""
    short(monkeypatch, *FEW)


def owl(name: str = "Bob") -> Client:
    """A student who comes in the evening by the app, on ten days before the eve."""
    bob = make.client(name, occupation="student")
    happen(*[Event(bob, "signed_in", back, 19) for back in range(2, 12)])
    return bob


def rows(table: str) -> list[tuple[Any, ...]]:
    """Everything that a table of the day has."""
    with open_lake() as con:
        return con.execute(f"SELECT * FROM {relation(table, [DAY])} ORDER BY ALL").fetchall()


def test_the_same_night_again_gives_the_same_version() -> None:
    owl(), make.client("Ben")
    cutoff = now()
    version, before = night(cutoff=cutoff), rows(wide.TABLE)

    again = night(cutoff=cutoff)

    assert (again, rows(wide.TABLE)) == (version, before)
    assert len(before) == 2


@pytest.mark.django_db(transaction=True)  # arrivals differ only between transactions
def test_what_happens_or_arrives_later_changes_nothing() -> None:
    bob = owl()
    cutoff = now()
    version, before, seen = night(cutoff=cutoff), rows(wide.TABLE), rows(signs.SIGNS)

    happen(*[Event(bob, "signed_in", back, 8, channel="pc") for back in range(20)], Event(bob, "signed_in", -1, 8))
    Client.objects.filter(pk=bob.pk).update(occupation="retired")
    services.declare(client=bob, trait="rhythm", value="early", by=bob.user, now=cutoff)
    Consent.objects.create(client=bob, purpose="personalisation", given=False, at=cutoff, version="1", channel="app")
    again, same, still = night(cutoff=cutoff), rows(wide.TABLE), rows(signs.SIGNS)
    Consent.objects.create(client=bob, purpose="personalisation", given=True, at=now(), version="1", channel="app")
    night()

    assert (again, same, still) == (version, before, seen)
    assert rows(signs.SIGNS) != seen


def test_the_day_since_which_a_value_stands_is_carried_on_until_it_changes() -> None:
    bob, new = owl(), make.client("Ben")
    night(EVE - timedelta(days=1))
    night(EVE)
    kept = of(bob, "rhythm", EVE).since
    happen(*[Event(bob, "signed_in", back, 8) for back in range(30)], Event(new, "signed_in", 0, 12))

    night(DAY)

    assert kept == EVE - timedelta(days=1)
    assert (of(bob, "rhythm").value, of(bob, "rhythm").since) == ("early", DAY)
    assert (of(bob, "occupation").value, of(bob, "occupation").since) == ("student", EVE - timedelta(days=1))
    assert (of(new, "rhythm").since, of(new, "occupation").since) == (DAY, None)


def test_a_select_that_fails_is_named_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    bob = owl()
    broken = replace(rhythm.TRAIT, sql="-- reads: clients\nSELECT nothing FROM clients")
    lost = replace(platform.TRAIT, sql="-- reads: strangers\nSELECT 1")
    monkeypatch.setattr(publishing, "TRAITS", (broken, lost, occupation.TRAIT))

    night()

    assert sorted(selectors.failed_traits(DAY)) == ["platform", "rhythm"]
    assert 'column "nothing" not found' in selectors.failed_traits(DAY)["rhythm"]
    assert "No app declares strangers" in selectors.failed_traits(DAY)["platform"]
    assert values(bob) == {"rhythm": None, "platform": None, "occupation": "student"}


def test_nothing_is_concluded_of_who_wants_no_personalisation_and_no_screen_is_used_of_who_refuses_that() -> None:
    silent, unseen, free = owl("Bob"), owl("Ben"), owl("Cid")
    for who, purpose in [(silent, "personalisation"), (unseen, "behaviour"), (free, "marketing")]:
        Consent.objects.create(client=who, purpose=purpose, given=False, at=_noon(), version="1", channel="app")

    night()

    assert (selectors.portrait_of(silent.pk, DAY), values(silent)) == (None, {})
    assert values(unseen) == {"rhythm": None, "platform": None, "occupation": "student"}
    assert values(free) == {"rhythm": "evening", "platform": "app", "occupation": "student"}
    left = {(row[0], row[1], row[2]) for row in rows(signs.SIGNS)}
    assert {row for row in left if row[0] in (silent.pk, unseen.pk)} == {(unseen.pk, "occupation", "told")}


def test_an_objection_leaves_no_value_and_a_declaration_is_the_value_of_the_next_night() -> None:
    bob, ben, cid = owl("Bob"), owl("Ben"), owl("Cid")
    services.object_to(client=bob, trait="rhythm", by=bob.user, now=_noon())
    services.declare(client=ben, trait="rhythm", value="early", by=ben.user, now=_noon())
    for said in ("early", "night"):
        services.declare(
            client=cid, trait="platform", value="pc" if said == "early" else "wechat", by=cid.user, now=_noon()
        )
    services.take_back(client=cid, trait="platform", by=cid.user, now=_noon())

    night()

    assert (of(bob, "rhythm").value, of(bob, "rhythm").observations, of(bob, "rhythm").signs) == (None, 0, ())
    assert of(bob, "platform").value == "app"
    assert (of(ben, "rhythm").declared, of(ben, "rhythm").observations) == (True, 11)
    assert of(ben, "rhythm").value == "early"
    assert (of(cid, "platform").value, of(cid, "platform").declared) == ("app", False)


@pytest.mark.parametrize(("trait", "value"), [("taste", "red"), ("rhythm", "dawn"), ("rhythm", ""), ("rhythm", "-")])
def test_what_there_is_not_cannot_be_declared(trait: str, value: str) -> None:
    bob = make.client("Bob")

    with pytest.raises(services.CannotDeclare):
        services.declare(client=bob, trait=trait, value=value, by=bob.user, now=now())

    assert Declaration.objects.count() == 0


def test_traits_ask_for_features() -> None:
    make.client("Bob")

    with pytest.raises(services.NoFeatures, match="compute them first"):
        services.update_traits(day=DAY, cutoff=now())

    assert selectors.last_trait_day(DAY) is None


def _noon() -> Any:
    """A moment of the data day before any cutoff."""
    return make.NOW - timedelta(days=2)
