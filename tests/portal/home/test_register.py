"""A visitor registers: what is kept, what he is told, and what he cannot find out."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client as Browser

from clients.org.models import Branch, User
from clients.register.models import Client, Consent, Registration
from tests import factories
from tests.factories import NOW, PASSWORD
from tests.portal.home.registering import CHINESE, MOBILE, typed
from tests.together import at_once

pytestmark = pytest.mark.django_db
REGISTER_QUERIES = 1
CLIENT_PAGES = ("/", "/holdings/", "/messages/", "/news/", "/services/", "/consents/", "/me/", "/privacy/")


@pytest.fixture(autouse=True)
def _nobody_has_registered_yet() -> None:
    cache.clear()


@pytest.fixture
def place() -> Branch:
    """The branch that he chooses."""
    return factories.branch("HF01", name="合肥营业部", address="合肥市示范路 1 号", phone="0551-60000100")


def kept() -> list[int]:
    """How many there are of what a registration makes."""
    return [model.objects.count() for model in (User, Client, Registration, Consent)]


def page(answer: Any) -> str:
    """The page without the tokens that differ every time."""
    own = r'name="(csrfmiddlewaretoken|key)" value="[\w-]+"|WT\d{8}|data-who="\w+"'
    return re.sub(own, "", answer.content.decode())


def test_nothing_is_ticked_beforehand(client: Any, place: Branch) -> None:
    text = client.get("/register/", **CHINESE).content.decode()

    assert "checked" not in text
    assert text.count('type="checkbox"') == 4
    assert "手机号尚未核验，不能用来登录" in text


def test_he_is_let_in_and_reads_his_number_and_what_comes_next(client: Any, place: Branch) -> None:
    answer = client.post("/register/", typed(place), follow=True, **CHINESE)

    lead = Client.objects.get()
    text = answer.content.decode()
    assert answer.redirect_chain == [("/", 302)]
    assert (lead.status, lead.branch, lead.mobile, client.session["_auth_user_id"]) == (
        "lead", place, MOBILE, str(lead.user_id),
    )  # fmt: skip
    for shown in (lead.client_no, "合肥市示范路 1 号", 'href="tel:0551-60000100"', "请携带", "本人有效证件原件"):
        assert shown in text
    assert "清算" not in text.split("<footer")[0]


def test_he_logs_in_again_by_his_number(client: Any, place: Branch) -> None:
    client.post("/register/", typed(place))
    number = Client.objects.get().client_no
    client.post("/logout/")

    by_number = client.post("/login/", {"username": number.lower(), "password": PASSWORD})
    client.post("/logout/")
    by_mobile = client.post("/login/", {"username": MOBILE, "password": PASSWORD})

    assert (by_number.status_code, by_mobile.status_code) == (302, 422)


@pytest.mark.parametrize(
    "given", [{}, {"marketing": "on"}, {"marketing": "on", "service_push": "on", "behaviour": "on"}]
)
def test_each_answer_is_kept_with_version_channel_and_time(
    client: Any, place: Branch, given: dict[str, str], time_machine: Any
) -> None:
    time_machine.move_to(NOW, tick=False)

    client.post("/register/", typed(place, **given))

    rows = Consent.objects.order_by("purpose").values_list("purpose", "given", "version", "channel", "at")
    assert list(rows) == [
        ("behaviour", "behaviour" in given, "web-2026-11", "web", NOW),
        ("marketing", "marketing" in given, "web-2026-11", "web", NOW),
        ("privacy", True, "v1", "web", NOW),
        ("service_push", "service_push" in given, "web-2026-11", "web", NOW),
    ]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "张"}, "name"),
        ({"mobile": "12800001234"}, "mobile"),
        ({"mobile": "1380000123"}, "mobile"),
        ({"mobile": "１３８００００１２３４"}, "mobile"),
        ({"branch": "0"}, "branch"),
        ({"password": "short1", "again": "short1"}, "password"),
        ({"password": "1234567890", "again": "1234567890"}, "password"),
        ({"password": "password", "again": "password"}, "password"),
        ({"again": "another-battery"}, "again"),
        ({"privacy": ""}, "privacy"),
        ({"key": "x"}, "key"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(
    client: Any, place: Branch, wrong: dict[str, str], field: str
) -> None:
    before = kept()

    answer = client.post("/register/", typed(place, **wrong), **CHINESE)

    text = answer.content.decode()
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert text.count('class="wt-errors"') == 1
    assert PASSWORD not in text
    assert kept() == before


@pytest.mark.parametrize("mobile", [" 138 0000 1234 ", "138-0000-1234", "+86 13800001234", "008613800001234"])
def test_a_mobile_may_be_written_as_people_write_it(client: Any, place: Branch, mobile: str) -> None:
    client.post("/register/", typed(place, mobile=mobile))

    assert Client.objects.get().mobile == MOBILE


def test_a_branch_that_stands_above_others_cannot_be_chosen(client: Any, place: Branch) -> None:
    above = factories.branch("EAST")
    Branch.objects.filter(pk=place.pk).update(parent=above)

    assert client.post("/register/", typed(above)).status_code == 422


def test_a_known_mobile_gets_the_same_answer(place: Branch) -> None:
    factories.client("Bob", mobile=MOBILE, at=place)

    known = Browser().post("/register/", typed(place), follow=True, **CHINESE)
    unknown = Browser().post("/register/", typed(place, mobile="13900005678"), follow=True, **CHINESE)

    assert (known.redirect_chain, known.status_code) == (unknown.redirect_chain, unknown.status_code)
    assert page(known) == page(unknown)


def test_the_same_form_again_is_one_lead_and_needs_his_password(place: Branch) -> None:
    sent = typed(place)
    first, second, stranger = Browser(), Browser(), Browser()
    first.post("/register/", sent)
    before = kept()

    again = second.post("/register/", sent)
    other = stranger.post("/register/", {**sent, "password": "another-battery", "again": "another-battery"})

    assert (again.url, other.status_code) == ("/", 422)
    assert str(sent["key"]) not in other.content.decode()
    assert "_auth_user_id" not in stranger.session
    assert kept() == before
    assert "no-store" in Browser().get("/register/")["Cache-Control"]


def test_the_key_of_a_neighbour_with_his_very_password_lets_nobody_into_his_login(place: Branch) -> None:
    sent = typed(place)
    Browser().post("/register/", sent)
    neighbour = Browser()

    answer = neighbour.post("/register/", {**sent, "name": "王五", "mobile": "13900000000"})

    assert answer.status_code == 422
    assert "_auth_user_id" not in neighbour.session


@pytest.mark.parametrize("name", ["\x01\x02", "\u200b\u200b", "张\n三", "\u202eabc", "\ufffe\uffff", "12", "··"])
def test_a_name_that_nobody_can_read_is_refused(place: Branch, name: str) -> None:
    before = kept()

    answer = Browser().post("/register/", typed(place, name=name))

    assert answer.status_code == 422
    assert kept() == before


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_are_one_lead(place: Branch) -> None:
    sent = typed(place)

    answers = at_once(*[lambda: Browser().post("/register/", sent)] * 3)

    assert {answer.url for answer in answers} == {"/"}
    assert Client.objects.count() == 1


@pytest.mark.parametrize("path", ["get", "post"])
def test_who_is_logged_in_is_sent_home(client: Any, place: Branch, path: str) -> None:
    client.force_login(factories.client("Bob").user, backend="clients.register.backends.ClientBackend")
    before = kept()

    answer = getattr(client, path)("/register/", typed(place))

    assert answer.url == "/"
    assert kept() == before


@pytest.mark.parametrize("path", CLIENT_PAGES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_a_client_works_for_a_lead(client: Any, place: Branch, path: str, language: str) -> None:
    client.post("/register/", typed(place))

    text = client.get(path, HTTP_ACCEPT_LANGUAGE=language).content.decode()
    links = {link for link in re.findall(r'href="(/[^"#]*)"', text) if "/static/" not in link}

    assert {client.get(link).status_code for link in links} <= {200}
    assert "You have no account yet" in text or "尚未开户" in text or path not in ("/", "/holdings/", "/services/")


@pytest.mark.parametrize("path", ["me", "me/holdings", "me/messages"])
def test_the_interface_answers_a_lead(client: Any, place: Branch, path: str) -> None:
    client.post("/register/", typed(place))

    assert client.get(f"/api/v1/{path}").status_code == 200


def test_a_lead_reads_a_message_and_changes_his_consents(client: Any, place: Branch) -> None:
    client.post("/register/", typed(place))
    told = factories.message(Client.objects.get(), title="欢迎", created_at=NOW - timedelta(days=1))

    message = client.get(f"/messages/{told.uid}/", **CHINESE)
    client.post("/consents/", {"marketing": "yes"})

    told.refresh_from_db()
    assert message.status_code == 200
    assert told.read_at is not None
    newest = Consent.objects.filter(purpose="marketing").order_by("-pk").first()
    assert newest is not None
    assert newest.given


def test_the_form_asks_as_often_as_it_did_when_it_was_built(
    client: Any, place: Branch, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(REGISTER_QUERIES):
        client.get("/register/")
