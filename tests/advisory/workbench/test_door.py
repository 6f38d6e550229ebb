"""The door of the desk, and who is refused behind it."""

import pytest
from django.urls import reverse

from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/desk/login/"
PAGES = ["/desk/", "/desk/components/", "/desk/t/00000000-0000-4000-8000-000000000000/"]
POSTS = [
    "/desk/next/",
    *(f"/desk/t/00000000-0000-4000-8000-000000000000/{verb}/" for verb in ("claim", "release", "finish")),
]


def test_staff_log_in_by_staff_number(client):
    alice = factories.staff()

    answer = client.post(LOGIN, {"username": alice.staff_no, "password": PASSWORD})

    assert answer.url == reverse("workbench:queue")
    assert client.session["_auth_user_id"] == str(alice.user_id)


@pytest.mark.parametrize("who", ["unknown", "client", "left"])
def test_everybody_else_gets_one_answer(client, who):
    names = {
        "unknown": "999999",
        "client": factories.client().client_no,
        "left": factories.staff(left_on=factories.DAY).staff_no,
    }

    answer = client.post(LOGIN, {"username": names[who], "password": PASSWORD})

    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == ["工号与密码不匹配。请核对后再试。"]
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("path", [*PAGES, *POSTS])
def test_a_visitor_is_asked_to_log_in(client, path):
    answer = client.post(path) if path in POSTS else client.get(path)

    assert answer.status_code == 302
    assert answer.url.startswith(f"{LOGIN}?next=")


@pytest.mark.parametrize("path", [*PAGES, *POSTS])
def test_a_client_is_told_that_there_is_no_such_page(client, path):
    client.force_login(factories.client().user, backend="clients.register.backends.ClientBackend")

    answer = client.post(path) if path in POSTS else client.get(path)

    assert answer.status_code == 404


def test_the_admin_sends_to_this_door_and_back(client):
    alice = factories.staff(roles=("administrator",))

    asked = client.get("/admin/", follow=True).redirect_chain[-1][0]
    answer = client.post(asked, {"username": alice.staff_no, "password": PASSWORD})

    assert asked == f"{LOGIN}?next=%2Fadmin%2F"
    assert answer.url == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_client_hears_of_no_admin(client):
    client.force_login(factories.client().user, backend="clients.register.backends.ClientBackend")

    assert client.get("/admin/").status_code == 404


def test_staff_who_configure_nothing_have_no_right_to_the_admin(client):
    client.force_login(factories.staff().user, backend="clients.org.backends.StaffBackend")

    assert client.get("/admin/").status_code == 403
