"""What is on file about a client, and who of our staff looked, as he reads it himself."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from clients.org import services as org
from clients.org.models import AccessLog
from clients.register.models import Client, Consent, ContactPreference, RiskAssessment
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
DATA_QUERIES, LOOKED_QUERIES = 9, 7


@pytest.fixture(autouse=True)
def lake(settings: Any, tmp_path: Path) -> None:
    """A lake of its own."""
    settings.LAKE_DIR = tmp_path / "lake"


@pytest.fixture
def bob(time_machine: Any) -> Client:
    """Bob, with what he told, at the factories' present."""
    time_machine.move_to(NOW, tick=False)
    alice = factories.staff("Alice", staff_no="900001", at=factories.branch(name="Branch"))
    bob = factories.client(
        "Bob", manager=alice, mobile="13812345678", id_no="340102199001011234", id_type="id_card",
        birth_date=date(1990, 1, 1), occupation="教师", email="bob@example.com", id_valid_to=date(9999, 12, 31),
    )  # fmt: skip
    factories.account(bob, account_no="000011112222")
    RiskAssessment.objects.create(client=bob, level=3, assessed_on=date(2026, 1, 5), valid_to=date(2027, 1, 4))
    ContactPreference.objects.create(client=bob, channel="phone", allowed=False)
    for days, given in ((9, True), (2, False)):
        at = NOW - timedelta(days=days)
        Consent.objects.create(client=bob, purpose="marketing", version="1", at=at, given=given, channel="web")
    return bob


@pytest.fixture
def here(client: Any, bob: Client) -> Any:
    """Bob's browser, in English."""
    client.force_login(bob.user, backend="clients.register.backends.ClientBackend")
    client.cookies["django_language"] = "en"
    return client


def words(answer: Any) -> str:
    """The words of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def looked(about: Client, by: Any, action: str = "events", **fields: Any) -> AccessLog:
    """An opening of a client's data."""
    return org.log_access(staff=by, client_id=about.pk, action=action, now=fields.pop("now", NOW), **fields)


def test_facts_carry_their_source_and_day_and_are_masked_as_the_house_says(here: Any) -> None:
    text = words(here.get("/me/data/"))

    assert "Mobile number 138****5678 your branch, from the trading system · 2026-11-22" in text
    assert "ID card 340***********1234" in text
    assert "bob@example.com" in text
    assert "Year of birth 1990 " in text
    assert "ID document valid to without end" in text
    assert "Risk level C3, valid to 2027-01-04 your answers about risk · 2026-01-05" in text
    assert "Income nothing on file" in text
    assert "Contact by phone not wanted" in text
    assert "Fund account …2222 opened on 2020-01-01 Normal" in text
    assert [hidden for hidden in ("13812345678", "340102199001011234", "000011112222") if hidden in text] == []


def test_every_answer_about_consent_stands_there_newest_first(here: Any) -> None:
    text = words(here.get("/me/data/")).split("Every answer about consent")[1]

    assert re.findall(r"2026-11-\d\d 10:00 · text 1, by web (agreed|not agreed)", text) == ["not agreed", "agreed"]


def test_who_looked_stands_there_with_role_reason_and_what(here: Any, bob: Client) -> None:
    looked(bob, bob.manager, reason="asked for a call back")
    looked(bob, bob.manager, "reveal", field="mobile", now=NOW + timedelta(minutes=1))
    looked(bob, bob.manager, "admin", field="ledger.Trade", now=NOW + timedelta(minutes=2))
    looked(bob, bob.manager, "something_new", now=NOW + timedelta(minutes=3))

    text = words(here.get("/me/looked/"))

    lines = re.findall(r"([\w :]+) 2026-11-22 10:0\d staff number 900001 · Client manager · Branch ", text)
    assert [line.strip() for line in lines][1:] == [
        "a stored record: trade", "a hidden particular: mobile number", "what you did on screen",
    ]  # fmt: skip
    assert lines[0].endswith("your data")
    assert "asked for a call back" in text
    assert "Alice" not in text.split("Who looked")[-1]


def test_nothing_is_told_of_what_compliance_opened(here: Any, bob: Client) -> None:
    looked(bob, factories.staff("Carol", roles=("compliance",)), reason="suspicious transfers")
    looked(bob, factories.staff("Dora", roles=("manager", "compliance")), reason="suspicious transfers")

    text = words(here.get("/me/looked/"))

    assert "suspicious" not in text
    assert "Nobody has opened your data" in text


def test_openings_of_others_are_not_told(here: Any, bob: Client) -> None:
    looked(factories.client("Carol"), bob.manager, reason="about Carol alone")

    assert "about Carol alone" not in words(here.get("/me/looked/"))


@pytest.mark.parametrize("path", ["/me/portrait/", "/me/data/", "/me/looked/"])
@pytest.mark.parametrize(("who", "to"), [("visitor", "/login/"), ("staff", "/desk/")])
def test_nobody_else_reads_it(client: Any, bob: Client, path: str, who: str, to: str) -> None:
    if who == "staff":
        client.force_login(bob.manager.user, backend="clients.org.backends.StaffBackend")

    answer = client.get(path)

    assert (answer.status_code, answer.url.split("?")[0]) == (302, to)


@pytest.mark.parametrize(("path", "most"), [("/me/data/", DATA_QUERIES), ("/me/looked/", LOOKED_QUERIES)])
def test_a_page_asks_as_often_as_it_did_when_it_was_built(
    here: Any, bob: Client, django_assert_num_queries: Any, path: str, most: int
) -> None:
    for _time in range(5):
        looked(bob, bob.manager)
    here.get("/me/")

    with django_assert_num_queries(most):
        here.get(path)
