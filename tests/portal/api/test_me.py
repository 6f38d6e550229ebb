"""What a client reads about himself: masked where his own pages mask, and nobody else's."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from rest_framework.test import APIClient

from clients.org.models import Role, User
from clients.register.models import Client, RiskAssessment
from tests import factories
from tests.factories import DAY, NOW

pytestmark = pytest.mark.django_db
ADDRESSES = ["/api/v1/me", "/api/v1/me/messages", "/api/v1/me/holdings"]


def test_who_i_am_to_the_branch(program: APIClient, bob: Client) -> None:
    answer = program.get("/api/v1/me")

    assert answer.status_code == 200
    assert answer.json() == {
        "client_no": "C0000123",
        "opened_on": "2020-01-01",
        "name": "张三丰",
        "mobile": "138****1234",
        "id_no": "340***********1234",
        "email": "zhang@x.com",
        "address": "安徽省合肥市蜀山区1号",
        "branch": {"code": "HF01", "name": "合肥营业部"},
        "manager": {"staff_no": "E0107", "name": "Alice", "phone": "0551-6000000", "licence_no": "S0010101"},
        "risk": {"level": 4, "lowest": False, "valid_to": "2026-11-21", "valid": False},
    }
    assert "340104199003071234" not in answer.content.decode()
    assert "max-age=0" in answer["Cache-Control"]


def test_what_is_unknown_is_null(program: APIClient, bob: Client) -> None:
    Client.objects.filter(pk=bob.pk).update(manager=None)
    stranger = factories.client("Charlie")
    RiskAssessment.objects.create(client=stranger, level=5, assessed_on=DAY, valid_to=DAY)
    other = APIClient()
    other.force_authenticate(stranger.user)

    assert program.get("/api/v1/me").json()["manager"] is None
    assert program.get("/api/v1/me/holdings").json() == {"day": None, "holdings": []}
    assert other.get("/api/v1/me").json()["risk"]["level"] == 5


def test_my_messages_come_newest_first_and_page_by_page(program: APIClient, bob: Client, settings: Any) -> None:
    for n in range(53):
        factories.message(bob, title=f"No. {n}", created_at=NOW - timedelta(hours=60 - n))
    factories.message(bob, title="over", valid_until=NOW)
    factories.message(factories.client("Charlie"), title="not mine")

    first = program.get("/api/v1/me/messages").json()
    factories.message(bob, title="arrives while I read")
    second = program.get(first["next"]).json()

    assert [row["title"] for row in first["results"]] == [f"No. {n}" for n in range(52, 2, -1)]
    assert [row["title"] for row in second["results"]] == ["No. 2", "No. 1", "No. 0"]
    assert (first["previous"], second["next"]) == (None, None)


def test_a_message_says_why_in_the_language_asked_for(program: APIClient, bob: Client) -> None:
    message = factories.message(bob, why="占比 82%", why_en="Share 82%", read_at=NOW)

    english = program.get("/api/v1/me/messages").json()["results"][0]
    chinese = program.get("/api/v1/me/messages", headers={"accept-language": "zh-hans"}).json()["results"][0]

    assert (english["why"], chinese["why"]) == ("Share 82%", "占比 82%")
    assert english["uid"] == str(message.uid)
    assert set(english) == {
        "uid", "purpose", "title", "body", "why", "data_day", "created_at", "valid_until", "read_at",
    }  # fmt: skip


def test_what_i_hold_at_the_close_of_the_last_day(program: APIClient, bob: Client) -> None:
    factories.position(bob, quantity=Decimal(200), cost_price=Decimal("1388.5"), last_price=Decimal(1450))
    factories.position(bob, factories.security("000001", "SZ", "平安银行"), quantity=Decimal(100))
    factories.position(factories.client("Charlie"), factories.security("600000", "SH", "浦发银行"))

    answer = program.get("/api/v1/me/holdings").json()

    assert answer["day"] == str(DAY)
    assert [row["security"]["symbol"] for row in answer["holdings"]] == ["600519.SH", "000001.SZ"]
    assert answer["holdings"][0] == {
        "security": {"symbol": "600519.SH", "name": "贵州茅台", "type": "stock", "currency": "CNY"},
        "quantity": "200.0000",
        "price": "1450.0000",
        "value": "290000.00",
        "cost": "277700.00",
        "gain": "12300.00",
        "gain_ratio": "0.044292",
        "change": None,
    }


@pytest.mark.parametrize(("address", "queries"), zip(ADDRESSES, (4, 2, 5), strict=True))
def test_a_page_costs_the_same_few_queries_however_much_there_is(
    program: APIClient, bob: Client, address: str, queries: int, django_assert_num_queries: Any
) -> None:
    for n in range(20):
        factories.message(bob)
        factories.position(bob, factories.security(f"60{n:04}"))

    with django_assert_num_queries(queries):  # the token's included
        answer = program.get(address)

    assert answer.status_code == 200


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_visitor_staff_and_a_closed_login_get_nothing(bob: Client, address: str) -> None:
    visitor, staff, closed = APIClient(), APIClient(), APIClient()
    staff.force_login(
        factories.staff("Alice", roles=tuple(Role.values)).user, backend="clients.org.backends.StaffBackend"
    )
    closed.force_login(bob.user, backend="clients.register.backends.ClientBackend")
    User.objects.filter(pk=bob.user.pk).update(is_active=False)

    answers = [who.get(address) for who in (visitor, staff, closed)]

    assert [answer.status_code for answer in answers] == [401, 403, 401]
    assert "C0000123" not in "".join(answer.content.decode() for answer in answers)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_written_here(program: APIClient, address: str, method: str) -> None:
    assert getattr(program, method)(address, {}).status_code == 405


def test_a_session_is_as_good_as_a_token(bob: Client) -> None:
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(bob.user, backend="clients.register.backends.ClientBackend")

    assert browser.get("/api/v1/me").json()["client_no"] == "C0000123"
    assert browser.delete("/api/v1/token").status_code == 403  # a session has to show its form's token


def test_a_login_without_a_client_is_nobody() -> None:
    nobody = APIClient()
    nobody.force_authenticate(User.objects.create_user("C0000999", "x", kind=User.Kind.CLIENT))

    assert nobody.get("/api/v1/me").status_code == 404
