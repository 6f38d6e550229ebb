"""The demo's pages: doors without a password, but only where the house says that it is a demo."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser

from portal.demo.life import plan
from portal.demo.life.plan import Plan
from tests import factories
from tests.factories import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demo(settings: Any, tmp_path: Path) -> None:
    settings.DEMO, settings.DEMO_DIR = True, tmp_path


def test_without_demo_nobody_gets_in_and_nothing_changes(settings: Any, client: Browser) -> None:
    factories.staff(staff_no="E0103")
    settings.DEMO = False

    answer = client.post("/demo/in/", {"who": "E0103"})

    assert answer.status_code == 404
    assert "_auth_user_id" not in client.session
    assert client.get("/demo/").status_code == 404


def test_the_page_says_how_far_the_branch_is_and_asks_again_until_it_is_done(tmp_path: Path, client: Browser) -> None:
    plan.settle(tmp_path, Plan(2000, 60, 7, DAY))
    plan.note(tmp_path, 23, DAY)

    page = client.get("/demo/", headers={"accept-language": "en"}).content.decode()

    assert "Day 23 of 60" in page
    assert "those of the morning run on the last 3 lived days only" in page
    assert 'hx-trigger="every 3s"' in page
    plan.note(tmp_path, 60, DAY)
    assert "hx-trigger" not in client.get("/demo/").content.decode()


@pytest.mark.parametrize(
    ("who", "number", "lands"),
    [
        ("adviser", "E0103", "/desk/"), ("administrator", "E0902", "/admin/"), ("business", "E0905", "/admin/"),
        ("compliance", "E0901", "/admin/"), ("operator", "E0906", "/admin/"), ("author", "E0904", "/kpm/strategies/"),
        ("supervisor", "E0109", "/desk/super/"),
    ],
)  # fmt: skip
def test_a_button_lets_staff_in(client: Browser, who: str, number: str, lands: str) -> None:
    person = factories.staff(staff_no=number)

    answer = client.post("/demo/in/", {"who": who})

    assert answer.headers["Location"] == lands
    assert client.session["_auth_user_id"] == str(person.user.pk)


def test_the_door_of_a_client_leads_to_one_with_messages(client: Browser) -> None:
    quiet, served = factories.client("Quiet"), factories.client("Served", login=False)
    factories.message(served)
    factories.client("Lead", status="lead")

    client.post("/demo/in/", {"who": "client"})

    served.refresh_from_db()
    assert client.session["_auth_user_id"] == str(served.user_id) != str(quiet.user_id)


def test_a_client_without_a_login_gets_one_that_no_password_opens(client: Browser) -> None:
    row = factories.client(login=False)

    answer = client.post("/demo/in/?next=%2Fholdings%2F", {"who": row.client_no})

    row.refresh_from_db()
    assert answer.headers["Location"] == "/holdings/"
    assert client.session["_auth_user_id"] == str(row.user_id)
    assert not row.user.has_usable_password()


def test_somebody_who_is_not_there_does_not_get_in(client: Browser) -> None:
    assert client.post("/demo/in/", {"who": "E9999"}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_a_door_asks_for_the_token_of_the_page() -> None:
    factories.staff(staff_no="E0103")
    strict = Browser(enforce_csrf_checks=True)

    assert strict.post("/demo/in/", {"who": "adviser"}).status_code == 403
    assert "_auth_user_id" not in strict.session


def test_without_a_talk_the_page_of_the_fact_says_so(client: Browser) -> None:
    page = client.get("/demo/fact/", headers={"accept-language": "en"})

    assert page.status_code == 200
    assert "No talk yet" in page.content.decode()
