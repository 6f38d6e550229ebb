"""One planted history for each trait, all of one night, and the value that is to be concluded of it.

The data day is Friday, 2026-11-20.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from clients.market.models import Security
from clients.portrait import services
from clients.portrait.traits.every import TRAITS
from clients.register.models import Client, RiskAssessment, Touch
from tests import factories as make
from tests.clients.portrait import money, world
from tests.clients.portrait.screen import Event, happen
from tests.clients.portrait.traits.night import night, values

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("traits")]  # the night is shared

EXPECTED: dict[str, dict[str, str | None]] = {
    "nobody": dict.fromkeys(trait.name for trait in TRAITS if trait.name not in ("activity",)),
    "day_trader": {"horizon": "intraday"},
    "holder": {"horizon": "long", "industry": "bank", "products": "stock", "wealth": "building", "goal": "growth"},
    "chaser": {"style": "chaser", "broker": "main"},
    "gambler": {"risk_appetite": "high", "margin": "user"},
    "saver": {"risk_appetite": "low", "products": "cash", "goal": "liquidity", "wealth": "starting"},
    "lapsed": {"margin": "none", "risk_appetite": "low"},
    "owl": {
        "activity": "daily", "rhythm": "night", "platform": "pc", "information": "high",
        "price_sensitivity": "low",
    },
    "haggler": {"price_sensitivity": "high", "information": "low", "rhythm": "morning"},
    "reached": {"contact_time": "afternoon", "contact_channel": "phone"},
    "leaver": {"churn": "leaves"},
    "teller": {"occupation": "student", "life_stage": "young", "broker": "second", "household": "parents"},
    "elder": {"occupation": "retired", "life_stage": "retired"},
}  # fmt: skip


def build() -> Mapping[str, Client]:
    """Everybody of EXPECTED and what he did."""
    born = {"elder": date(1955, 1, 1), "teller": date(2004, 1, 1)}
    who = {name: make.client(name, birth_date=born.get(name)) for name in EXPECTED}
    _deals(who)
    _money(who)
    _told(who)
    _calls(who["reached"])
    happen(*_screen(who))
    return who


def _deals(who: Mapping[str, Client]) -> None:
    bank = make.security("600000", industry="bank")
    for back in range(40, 60, 2):
        money.bought(who["day_trader"], back, bank)
        money.bought(who["day_trader"], back - 1, bank, side="sell")
    for back in (200, 220, 240, 260):
        money.bought(who["holder"], back, make.security(f"6001{back}", industry="bank"))
    _bars(bank)
    for back in (18, 9, 8, 4, 3):
        money.bought(who["chaser"], back, bank)


def _bars(rising: Security) -> None:
    """Every day of six weeks one security rises, and three others do not."""
    others = [make.security(f"60020{n}") for n in range(3)]
    for back in range(42):
        for n, security in enumerate([rising, *others]):
            close = str(100 - 2 * back if n == 0 else 100 + back)
            world.bar(security, close, close, day=money.ago(back))


def _money(who: Mapping[str, Client]) -> None:
    for back in (1, 0):
        money.held(who["holder"], back, make.security("6001200"), 100_000)
        money.held(who["gambler"], back, make.security("600000"), 90_000)
        make.cash(who["saver"], 20_000, day=money.ago(back))
        world.credit(who["gambler"], 0, 30_000, day=money.ago(back))
    RiskAssessment.objects.create(client=who["gambler"], level=5, assessed_on=money.ago(9), valid_to=date(2027, 9, 1))
    RiskAssessment.objects.create(client=who["saver"], level=1, assessed_on=money.ago(9), valid_to=date(2027, 9, 1))
    RiskAssessment.objects.create(client=who["lapsed"], level=1, assessed_on=money.ago(800), valid_to=money.ago(70))
    for back in (6, 13, 20):
        money.flow(who["leaver"], back, "bank_out", -9_000, 1_000)
    money.flow(who["leaver"], 1, "custody_out", -50_000, 1_000)


def _told(who: Mapping[str, Client]) -> None:
    from_files = {"occupation": "学生", "brokers_elsewhere": 2, "assets_elsewhere": 900_000}
    Client.objects.filter(pk=who["teller"].pk).update(**from_files)
    at = datetime(2026, 11, 18, 2, tzinfo=UTC)
    services.declare(client=who["teller"], trait="household", value="parents", by=who["teller"].user, now=at)


def _calls(client: Client) -> None:
    staff = make.staff("Alice")
    for n, (back, hour, reached) in enumerate([(3, 14, True), (9, 13, True), (12, 14, True), (5, 10, False)]):
        day = money.ago(back)
        Touch.objects.create(
            client=client, branch=client.branch, channel="phone", purpose="service", staff=staff, reached=reached,
            started_at=datetime(day.year, day.month, day.day, hour - 8, 30, tzinfo=UTC), provider_ref=f"c{n}",
        )  # fmt: skip


def _screen(who: Mapping[str, Client]) -> Iterator[Event]:
    """The owl comes every day at night and reads; the haggler in the morning, for fees only."""
    for back in range(63):
        yield Event(who["owl"], "signed_in", back, 22, channel="pc")
        yield Event(who["owl"], "article_viewed", back, 22, minute=1, channel="app")
    for back in range(0, 40, 4):
        yield Event(who["haggler"], "commission_page_viewed", back, 10)


@pytest.fixture(scope="module")
def concluded(tmp_path_factory: Any, django_db_setup: None, django_db_blocker: Any) -> Mapping[str, dict[str, Any]]:
    """What one night concludes of everybody."""
    folder = tmp_path_factory.mktemp("traits") / "lake"
    with django_db_blocker.unblock(), override_settings(LAKE_DIR=folder), transaction.atomic():
        who = build()
        night()
        found = {name: values(client) for name, client in who.items()}
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("name", EXPECTED)
def test_what_is_concluded_of_everybody_is_what_he_did(concluded: Mapping[str, dict[str, Any]], name: str) -> None:
    assert {trait: concluded[name][trait] for trait in EXPECTED[name]} == EXPECTED[name]


def test_every_trait_has_a_history_here() -> None:
    planted = {trait for name, expected in EXPECTED.items() if name != "nobody" for trait in expected}

    assert planted == {trait.name for trait in TRAITS}
