"""The timeline of a client on his page: every day, the kinds and days that are chosen, and pages of them."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser

from clients.org.models import Staff
from clients.register.models import Client
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lake(settings: Any, tmp_path: Path, time_machine: Any) -> None:
    settings.LAKE_DIR = tmp_path / "lake"
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def alice() -> Staff:
    return make.staff("Alice")


@pytest.fixture
def bob(alice: Staff) -> Client:
    return make.client("王小明", manager=alice)


def desk_of(staff: Staff) -> Browser:
    """The browser of a member of staff."""
    browser = Browser(headers={"accept-language": "zh-hans"})
    browser.force_login(staff.user, backend="clients.org.backends.StaffBackend")
    return browser


def test_the_timeline_tells_every_day_newest_first_and_goes_back(alice: Staff, bob: Client) -> None:
    make.cash(bob, 100, day=date(2026, 11, 20), kind="bank_in", amount=Decimal(100))
    make.cash(bob, 300, day=date(2026, 11, 20), kind="bank_in", amount=Decimal(200))
    make.cash(bob, 300, day=date(2026, 11, 20), kind="buy", amount=Decimal(-50))
    make.cash(bob, 1, day=date(2026, 9, 1), kind="bank_in", amount=Decimal(1))
    task = make.task(bob, assignee=alice, created_at=datetime.fromisoformat("2026-11-21T09:30:00+08:00"))
    browser, path = desk_of(alice), f"/desk/clients/{bob.pk}/"

    newest = browser.get(path).context["timeline"]
    earlier = browser.get(path, {"until": "2026-09-20"}).context["timeline"]

    told = [(day, [(entry.kind, entry.row) for entry in entries]) for day, entries in newest.days]
    assert [(day, [kind for kind, _row in rows]) for day, rows in told] == [
        (date(2026, 11, 21), ["task"]),
        (date(2026, 11, 20), ["cash"]),
    ]
    assert told[0][1][0][1] == task
    assert (told[1][1][0][1]["n"], told[1][1][0][1]["moved"]) == (2, Decimal("300.00"))
    assert newest.earlier == newest.first - timedelta(days=1)
    assert [day for day, _entries in earlier.days] == [date(2026, 9, 1)]


def test_the_timeline_shows_only_the_kinds_and_days_that_are_chosen(alice: Staff, bob: Client) -> None:
    make.cash(bob, 100, day=date(2026, 11, 20), kind="bank_in", amount=Decimal(100))
    make.cash(bob, 1, day=date(2026, 11, 9), kind="bank_in", amount=Decimal(1))
    make.task(bob, assignee=alice, created_at=datetime.fromisoformat("2026-11-20T09:30:00+08:00"))
    asked = {"kind": ["cash", "screen"], "first": "2026-11-10", "until": "2026-11-21"}

    answered = desk_of(alice).get(f"/desk/clients/{bob.pk}/", asked)

    told = answered.context["timeline"]
    assert [(day, [entry.kind for entry in entries]) for day, entries in told.days] == [(date(2026, 11, 20), ["cash"])]
    assert (told.first, told.last, told.earlier) == (date(2026, 11, 10), date(2026, 11, 21), None)


def test_pages_of_the_timeline_keep_what_was_chosen(alice: Staff, bob: Client) -> None:
    asked = {"kind": "cash", "first": "2026-01-01"}

    text = desk_of(alice).get(f"/desk/clients/{bob.pk}/", asked).content.decode()

    assert "?kind=cash&amp;first=2026-01-01&amp;until=2026-10-" in text


def test_days_in_the_wrong_order_are_said_and_nothing_is_left_out(alice: Staff, bob: Client) -> None:
    make.cash(bob, 100, day=date(2026, 11, 20), kind="bank_in", amount=Decimal(100))

    answered = desk_of(alice).get(f"/desk/clients/{bob.pk}/", {"first": "2026-11-21", "until": "2026-11-01"})

    assert "起始日晚于截止日" in answered.content.decode()
    assert len(answered.context["timeline"].days) == 1


def test_an_unknown_kind_is_no_page(alice: Staff, bob: Client) -> None:
    assert desk_of(alice).get(f"/desk/clients/{bob.pk}/?kind=gossip").status_code == 404


def test_a_chosen_kind_asks_only_its_own_table(alice: Staff, bob: Client, django_assert_num_queries: Any) -> None:
    browser = desk_of(alice)
    browser.get(f"/desk/clients/{bob.pk}/")

    with django_assert_num_queries(20):
        browser.get(f"/desk/clients/{bob.pk}/", {"kind": "message"})
