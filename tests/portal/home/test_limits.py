"""How often one address may register, and whose address that is."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client as Browser

from clients.org.models import Branch
from clients.register.models import Client
from portal.home import limits
from tests import factories
from tests.portal.home.registering import CHINESE, typed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_has_registered_yet() -> None:
    cache.clear()


@pytest.fixture
def place() -> Branch:
    """The branch that visitors choose."""
    return factories.branch("HF01", address="合肥市示范路 1 号")


def test_one_address_registers_so_often_an_hour_and_mistakes_do_not_count(place: Branch, settings: Any) -> None:
    settings.REGISTRATIONS_PER_HOUR = 2
    for _time in range(5):
        Browser().post("/register/", typed(place, name=""))

    answers = [Browser().post("/register/", typed(place), **CHINESE) for _time in range(3)]
    elsewhere = Browser(REMOTE_ADDR="10.0.0.9").post("/register/", typed(place))

    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert "请一小时后再试" in answers[-1].content.decode()
    assert elsewhere.status_code == 302
    assert Client.objects.count() == 3


def test_behind_a_trusted_server_each_visitor_has_his_own_limit_and_a_forged_header_none(
    place: Branch, settings: Any
) -> None:
    settings.REGISTRATIONS_PER_HOUR, settings.TRUSTED_PROXIES = 1, 1

    def post(said: str) -> int:
        return Browser(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=said).post("/register/", typed(place)).status_code

    statuses = [post(said) for said in ("203.0.113.7", "203.0.113.8", "198.51.100.9, 203.0.113.7")]

    assert statuses == [302, 302, 429]
    assert Client.objects.count() == 2


def test_without_a_trusted_server_the_header_is_not_read(place: Branch, settings: Any) -> None:
    settings.REGISTRATIONS_PER_HOUR = 1

    statuses = [
        Browser(HTTP_X_FORWARDED_FOR=f"203.0.113.{number}").post("/register/", typed(place)).status_code
        for number in range(2)
    ]

    assert statuses == [302, 429]


def test_a_form_sent_again_counts_like_any_other_so_that_nobody_guesses_with_it(place: Branch, settings: Any) -> None:
    settings.REGISTRATIONS_PER_HOUR = 2
    sent = typed(place)

    statuses = [Browser().post("/register/", sent).status_code for _time in range(3)]

    assert statuses == [302, 302, 429]


def test_a_limit_begins_anew_when_its_time_is_over() -> None:
    used = [limits.spend("test", "a", most=1) for _time in range(2)]
    cache.delete("limit:test:a")

    assert [*used, limits.spend("test", "a", most=1)] == [True, False, True]
    assert cache.touch("limit:test:a", limits.HOUR)


def test_what_ran_out_between_two_lines_is_a_first_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "add", lambda *args: False)

    assert limits.spend("test", "nobody", most=1)
    assert not limits.spend("test", "nobody", most=0)


def test_nobody_is_sent_away_because_the_cache_does_not_answer(settings: Any) -> None:
    nobody_there = "redis://127.0.0.1:1/0"
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": nobody_there}}

    assert limits.spend("test", "a", most=0)
