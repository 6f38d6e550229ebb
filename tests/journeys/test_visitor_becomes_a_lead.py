"""Dan finds the branch, registers on his phone, reads what comes next, logs out and comes back by his number."""

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect

from clients.register.models import Client
from tests import factories
from tests.journeys import world
from tests.journeys.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _nobody_has_registered_yet() -> None:
    cache.clear()


def fill(page: Page) -> None:
    """What Dan types; he agrees to the privacy notice and to nothing else."""
    for field, text in (("name", "李四"), ("mobile", "138 0000 0001"), ("password", factories.PASSWORD)):
        page.locator(f"#id_{field}").fill(text)
    page.locator("#id_again").fill(factories.PASSWORD)
    page.locator("#id_branch").select_option(label="合肥示例营业部")
    page.get_by_label("我已阅读并同意隐私说明").check()


def test_from_the_front_page_to_the_home_of_a_lead_and_back(open_page: Open) -> None:
    world.build(timezone.now())
    page = open_page()

    page.goto("/")
    page.get_by_role("link", name="还不是客户？注册").click()
    fill(page)
    page.locator("#register button[type=submit]").click()
    expect(page.locator("#opening")).to_contain_text("合肥市示例区示范路 1 号")
    number = page.locator(".wt-number-figure").inner_text()
    page.goto("/me/")
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/login/")
    page.locator("#id_username").fill(number)
    page.locator("#id_password").fill(factories.PASSWORD)
    page.keyboard.press("Enter")

    expect(page.locator("#opening")).to_contain_text(number)
    lead = Client.objects.get(client_no=number)
    assert (lead.status, lead.mobile, lead.consents.filter(given=True).count()) == ("lead", "13800000001", 1)


def test_what_was_typed_stays_when_something_is_wrong(open_page: Open) -> None:
    world.build(timezone.now())
    page = open_page()

    page.goto("/register/")
    fill(page)
    page.locator("#id_again").fill("another-battery")
    page.locator("#register button[type=submit]").click()

    expect(page.locator(".wt-errors")).to_be_focused()
    expect(page.locator(".wt-errors")).to_contain_text("两次输入的密码不一致")
    expect(page.locator("#id_name")).to_have_value("李四")
    expect(page.locator("#id_mobile")).to_have_value("138 0000 0001")
    expect(page.locator("#id_password")).to_have_value("")
    expect(page.locator("#id_privacy")).to_be_checked()
    assert not Client.objects.filter(status="lead").exists()
