"""Every page of the admin, and the viewer of the interface, open in a real browser without a breach of the policy.

The page that `open_page` gives fails the test on the first word of the browser about content security policy, and on
any error of a script.
"""

from collections.abc import Callable

import pytest
from django.db.models import Model
from playwright.sync_api import Page

from clients.org.models import Role
from clients.register.models import Client
from tests import factories
from tests.house.admin_pages import a_row, pages_of, registered
from tests.house.url_table import ADMIN

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
Open = Callable[..., Page]


def openable(role: str, about: Client) -> list[str]:
    """The pages that a role may open, one row a table."""
    found = []
    for model in registered():
        rights = ADMIN[model._meta.label].get(role, "")
        wanted = {"list": "v", "change": "v", "add": "a", "delete": "d"}
        pages = dict(pages_of(model, _row(model, about))) if rights else {}
        found += [path for page, path in pages.items() if page in wanted and wanted[page] in rights]
    return found


def _row(model: type[Model], about: Client) -> Model:
    return a_row(model, about)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.COMPLIANCE])
def test_every_page_of_the_admin(open_page: Open, log_in: Callable[..., None], role: str) -> None:
    somebody = factories.staff("Alice", roles=(role,))
    bob = factories.client("Bob")
    page = open_page(width=1440)
    log_in(page, "/desk/login/", somebody.staff_no)
    opened = {}

    for path in ["/admin/", "/admin/password_change/", *openable(role, bob)]:
        answer = page.goto(path, wait_until="load")
        opened[path] = answer.status if answer else 0

    assert {path: status for path, status in opened.items() if status != 200} == {}
    assert len(opened) > 50


def test_the_notice_of_the_exchange_and_the_password_of_a_login(open_page: Open, log_in: Callable[..., None]) -> None:
    somebody = factories.staff("Alice", roles=(Role.ADMINISTRATOR,))
    page = open_page(width=1440)
    log_in(page, "/desk/login/", somebody.staff_no)

    for path in ("/admin/market/tradingday/notice/", f"/admin/org/user/{somebody.user.pk}/password/"):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200


def test_the_viewer_shows_every_address_of_the_interface(open_page: Open) -> None:
    page = open_page(width=1440)

    page.goto("/api/v1/schema/view")
    page.wait_for_selector(".opblock")

    shown = sorted(set(page.locator(".opblock-summary-path").all_inner_texts()))
    assert [path.replace("\u200b", "") for path in shown] == [
        "/api/v1/me",
        "/api/v1/me/holdings",
        "/api/v1/me/messages",
        "/api/v1/token",
    ]
