"""Bob logs in on his phone, sees what he has, and opens the message that matters."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.journeys import world
from tests.journeys.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]
LogIn = Callable[[Page, str, str], None]


def test_from_the_login_to_the_reason_of_a_message(open_page: Open, log_in: LogIn):
    bob = world.build(timezone.now()).bob
    page = open_page()

    log_in(page, "/login/", bob.client_no)
    expect(page.locator("#have")).to_contain_text("总资产（元）")
    expect(page.locator("#have")).to_contain_text("收盘 11-20")
    expect(page.locator(".wt-count")).to_contain_text("2")
    page.get_by_role("link", name="第一大持仓占比偏高").click()

    expect(page.get_by_role("heading", name="为什么看到这条消息")).to_be_visible()
    expect(page.locator(".wt-because")).to_contain_text("1,250,000 元")
    page.get_by_role("link", name="首页").click()
    expect(page.locator(".wt-count")).to_contain_text("1")


def test_a_wrong_password_says_what_to_do_and_keeps_the_name(open_page: Open):
    bob = world.build(timezone.now()).bob
    page = open_page()

    page.goto("/login/")
    page.locator("#id_username").fill(bob.client_no)
    page.locator("#id_password").fill("wrong")
    page.keyboard.press("Enter")

    expect(page.locator(".wt-errors")).to_be_focused()
    expect(page.locator(".wt-errors")).to_contain_text("账号与密码不匹配")
    expect(page.locator("#id_username")).to_have_value(bob.client_no)
    expect(page.locator("#id_password")).to_have_value("")


def test_language_large_type_and_market_colours_switch_and_stay(open_page: Open, log_in: LogIn):
    bob = world.build(timezone.now()).bob
    page = open_page()
    log_in(page, "/login/", bob.client_no)

    page.get_by_role("button", name="长辈版").click()
    expect(page.get_by_role("link", name="致电 王建国")).to_be_visible()
    page.goto("/me/")
    page.get_by_role("button", name="绿涨红跌").click()
    page.get_by_role("button", name="English").click()

    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("html")).to_have_attribute("data-market", "world")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
    fresh = open_page(language="zh-CN")
    log_in(fresh, "/login/", bob.client_no)
    expect(fresh.locator("html")).to_have_attribute("lang", "en")
    expect(fresh.locator("html")).to_have_attribute("data-elder", "on")
