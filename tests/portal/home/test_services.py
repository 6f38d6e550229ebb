"""What can be done here: the page of services, and consents."""

import re
from datetime import timedelta
from typing import Any

import pytest

from clients.register.models import Client, Consent
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
SERVICES_QUERIES, CONSENTS_QUERIES = 5, 5
CHINESE = {"HTTP_ACCEPT_LANGUAGE": "zh-hans"}
ALL = {"marketing": "no", "service_push": "yes"}


@pytest.fixture
def bob() -> Client:
    """Bob with a manager, in a branch with address and telephone."""
    place = factories.branch("HF01", name="合肥营业部", address="合肥市示范路 1 号", phone="0551-60000100")
    return factories.client("Bob", manager=factories.staff("王建国", phone="0551-62345678", at=place))


@pytest.fixture
def here(client: Any, bob: Client, time_machine: Any) -> Any:
    """Bob's browser at the factories' present."""
    time_machine.move_to(NOW, tick=False)
    client.force_login(bob.user, backend="clients.register.backends.ClientBackend")
    return client


def said(client: Client) -> list[tuple[str, bool, str, str]]:
    """Every consent of a client, in the order it was given."""
    rows = Consent.objects.filter(client=client).order_by("pk")
    return list(rows.values_list("purpose", "given", "version", "channel"))


def test_the_branch_is_there_with_address_and_telephone(here: Any) -> None:
    text = here.get("/services/", **CHINESE).content.decode()

    for shown in ("合肥营业部", "合肥市示范路 1 号", 'href="tel:0551-60000100"', "王建国", 'href="tel:0551-62345678"'):
        assert shown in text


def test_a_branch_without_address_and_telephone_shows_its_name_alone(client: Any) -> None:
    client.force_login(factories.client("Carol").user, backend="clients.register.backends.ClientBackend")

    text = client.get("/services/", **CHINESE).content.decode()

    assert "到营业部办理" in text
    assert "地址" not in text
    assert 'href="tel:' not in text


@pytest.mark.parametrize("path", ["/", "/holdings/", "/messages/", "/news/", "/services/", "/consents/", "/me/"])
def test_no_link_of_a_client_page_is_dead(here: Any, path: str) -> None:
    text = here.get(path, **CHINESE).content.decode()
    links = {link for link in re.findall(r'href="(/[^"]*)"', text) if not link.startswith("/static/")}

    statuses = {link: here.get(link).status_code for link in links}

    assert set(statuses.values()) == {200}
    assert {"/", "/holdings/", "/news/", "/services/", "/me/"} <= set(statuses)


def test_answers_are_kept_with_the_version_of_the_text(here: Any, bob: Client) -> None:
    answer = here.post("/consents/", ALL, **CHINESE)

    assert answer.url == "/consents/"
    assert sorted(said(bob)) == [
        ("marketing", False, "web-2026-11", "web"),
        ("service_push", True, "web-2026-11", "web"),
    ]
    assert "已保存。" in here.get("/consents/", **CHINESE).content.decode()


def test_saving_the_same_answers_again_keeps_nothing_new(here: Any, bob: Client) -> None:
    for _time in range(2):
        here.post("/consents/", ALL, **CHINESE)

    assert len(said(bob)) == 2


def test_a_consent_is_taken_back(here: Any, bob: Client) -> None:
    Consent.objects.create(client=bob, purpose="marketing", version="1", at=NOW - timedelta(days=9), given=True)

    before = here.get("/consents/", **CHINESE).content.decode()
    here.post("/consents/", {"marketing": "no"}, **CHINESE)

    assert re.search(r'<input[^>]*name="marketing"[^>]*value="yes"[^>]*checked', before)
    assert [row[:2] for row in said(bob)] == [("marketing", True), ("marketing", False)]


def test_what_was_never_answered_shows_no_answer_and_may_stay_so(here: Any, bob: Client) -> None:
    page = here.get("/consents/", **CHINESE).content.decode()

    here.post("/consents/", {"marketing": "yes"}, **CHINESE)

    assert "checked" not in page
    assert "尚未征询过您的意见" in page
    assert [row[:2] for row in said(bob)] == [("marketing", True)]


@pytest.mark.parametrize("typed", [{"marketing": "perhaps"}, {"privacy": "no"}, {}])
def test_other_answers_and_other_purposes_change_nothing(here: Any, bob: Client, typed: dict[str, str]) -> None:
    Consent.objects.create(client=bob, purpose="privacy", version="1", at=NOW - timedelta(days=9), given=True)

    answer = here.post("/consents/", typed, **CHINESE)

    assert answer.status_code == (422 if "marketing" in typed else 302)
    assert [row[:2] for row in said(bob)] == [("privacy", True)]


def test_what_was_said_elsewhere_is_shown_with_its_moment(here: Any, bob: Client) -> None:
    Consent.objects.create(client=bob, purpose="privacy", version="1", at=NOW - timedelta(days=9), given=True)

    text = here.get("/consents/", **CHINESE).content.decode()

    assert "2026-11-13 10:00" in text
    assert "请到营业部更改" in text


@pytest.mark.parametrize(("path", "most"), [("/services/", SERVICES_QUERIES), ("/consents/", CONSENTS_QUERIES)])
def test_a_page_asks_as_often_as_it_did_when_it_was_built(
    here: Any, django_assert_num_queries: Any, path: str, most: int
) -> None:
    here.get("/me/", **CHINESE)  # the first page after a login also gives the browser its token

    with django_assert_num_queries(most):
        here.get(path, **CHINESE)
