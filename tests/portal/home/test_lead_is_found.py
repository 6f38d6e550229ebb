"""The night after a registration: the features know the lead, a strategy for prospects finds him, his inbox has it."""

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client as Browser
from time_machine import travel

from advisory.dispatch.library import publish_texts
from advisory.dispatch.services import deliver_pending
from advisory.inbox.models import Message
from clients.org.models import Branch
from clients.portrait import selectors as portrait
from clients.register.models import Client
from kpm.strategies import selectors, services
from kpm.strategies.models import Assignment, Hit, Stage, Strategy
from kpm.strategies.services.library import read_library
from tests import factories
from tests.clients.portrait.people import noon
from tests.kpm.strategies import branch as story
from tests.portal.home.test_register import typed

pytestmark = pytest.mark.django_db
REGISTERED = "ACQ-ACC-001"  # registered, no account, 1 to 14 days ago; marketing


@pytest.fixture
def place(settings: Any, tmp_path: Path) -> Branch:
    """A branch with an empty lake, the strategy and its text."""
    settings.LAKE_DIR = tmp_path
    cache.clear()
    entries = list(read_library(codes=(REGISTERED,)))
    publish_texts(entries=entries, now=factories.NOW)
    services.load_library(entries=entries, now=factories.NOW)
    return factories.branch("HF01", address="合肥市示范路 1 号")


def registers(name: str, place: Branch, days_ago: int, **given: str) -> Client:
    """Somebody registers on the page, so many days before the data day; no lot leaves him out."""
    with travel(noon(days_ago), tick=False):
        Browser().post("/register/", typed(place, name=name, **given))
    lead = Client.objects.get(name=name)
    strategy = Strategy.objects.get(code=REGISTERED)
    Assignment.objects.create(strategy=strategy, client=lead, arm="treated", bucket=1, assigned_on=story.DAY)
    return lead


def test_a_lead_is_found_the_next_night_and_only_who_agreed_is_written_to(place: Branch) -> None:
    agreed = registers("李四", place, 1, marketing="on")
    registers("王五", place, 1)
    registers("赵六", place, 0, marketing="on")  # today: his first day begins tomorrow

    cutoff = story.features()
    run = services.run_slot(day=story.DAY, now=cutoff)

    row = portrait.feature_row(story.DAY, agreed.pk) or {}
    known = ("opening_stage", "days_since_registration", "lead_status", "privacy_consent_current")
    assert {name: row[name] for name in known} == {
        "opening_stage": "registered", "days_since_registration": 1, "lead_status": "new",
        "privacy_consent_current": True,
    }  # fmt: skip
    assert list(Hit.objects.values_list("client", "stage", "stopped_by")) == [(agreed.pk, Stage.WITHIN_CAPACITY, "")]
    stopped = {(row["step"], row["reason"]): row["n"] for row in selectors.funnel(run) if row["reason"]}
    assert stopped[Stage.CONSENTED, "no_consent"] == 1


def test_what_the_strategy_says_reaches_his_inbox(place: Branch) -> None:
    lead = registers("李四", place, 1, marketing="on")

    cutoff = story.features()
    services.run_slot(day=story.DAY, now=cutoff)
    deliver_pending(now=cutoff)

    assert list(Message.objects.filter(client=lead).values_list("strategy_code", flat=True)) == [REGISTERED]
