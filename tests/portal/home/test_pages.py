"""The client's pages: what they show, to whom, with how many queries."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from advisory.inbox.models import Message
from clients.behaviour.models import BusinessFact
from clients.org.models import User
from tests import factories

pytestmark = pytest.mark.django_db
HOME_QUERIES, HOLDINGS_QUERIES, MESSAGES_QUERIES, MESSAGE_QUERIES, ME_QUERIES = 12, 8, 6, 8, 5
CHINESE = {"HTTP_ACCEPT_LANGUAGE": "zh-hans"}
THURSDAY = date(2026, 11, 19)


@pytest.fixture
def bob():
    """Bob with a manager, two holdings on two days, cash and four messages, the oldest read."""
    manager = factories.staff("王建国", licence="S1234567890123", phone="0551-62345678")
    bob = factories.client("Bob", manager=manager)
    for day, price in ((THURSDAY, 10), (factories.DAY, 11)):
        factories.cash(bob, 500, day=day)
        factories.position(bob, day=day, quantity=Decimal(100), cost_price=Decimal(9), last_price=Decimal(price))
        factories.position(bob, factories.security("000001", "SZ", "平安银行"), day=day, market_value=Decimal(400))
    for age, title in enumerate(("第一条", "第二条", "第三条", "已读")):
        at = factories.NOW - timedelta(hours=age)
        factories.message(bob, title=title, created_at=at, read_at=at if title == "已读" else None)
    return bob


@pytest.fixture
def page(client, bob, time_machine):
    """Ask for a page as Bob in Chinese, at the factories' present."""
    time_machine.move_to(factories.NOW, tick=False)
    client.force_login(bob.user, backend="clients.register.backends.ClientBackend")
    return lambda path: client.get(path, **CHINESE)


def test_home_shows_total_change_and_as_of(page):
    text = page("/").content.decode()

    assert "2,000.00" in text  # 1,100 + 400 + 500
    assert "+100.00" in text
    assert "+5.26%" in text  # 100 of 1,900
    assert "收盘 11-20" in text
    assert "11-20 变动" in text


def test_home_draws_the_line_with_its_figures_behind(page):
    text = page("/").content.decode()

    assert '<path class="wt-line-stroke" d="M0 112 L600 8"' in text
    assert '<td>2026-11-19</td><td class="wt-num">1,900.00</td>' in text


def test_home_shows_the_newest_unread_messages_with_their_reason(page):
    answer = page("/")

    assert [row.title for row in answer.context["matters"]] == ["第一条", "第二条", "第三条"]
    assert answer.content.decode().count("您持有 12,000 份，3 天后到期") == 3


def test_home_names_the_manager_with_licence_and_phone(page):
    text = page("/").content.decode()

    assert "王建国" in text
    assert "执业编码 S1234567890123" in text
    assert 'href="tel:0551-62345678"' in text


def test_home_of_somebody_with_nothing_says_so_and_what_comes(client):
    client.force_login(factories.client().user, backend="clients.register.backends.ClientBackend")

    text = client.get("/", **CHINESE).content.decode()

    assert "暂无清算数据" in text
    assert "没有待您处理的事" in text
    assert "目前尚未指定专人" in text


def test_the_large_version_shows_fewer_holdings_and_the_call_button(client, bob):
    for n in range(5):
        factories.position(bob, factories.security(f"60010{n}", name=f"证券{n}"))
    client.force_login(bob.user, backend="clients.register.backends.ClientBackend")
    client.cookies["elder"] = "on"

    answer = client.get("/", **CHINESE)

    assert len(answer.context["holdings"]) == 3
    assert 'class="wt-call-bar"' in answer.content.decode()


def test_holdings_show_quantity_price_value_and_gain(page):
    text = page("/holdings/").content.decode()

    assert "贵州茅台" in text
    assert "600519.SH" in text
    assert "1,100.00" in text
    assert "+200.00" in text  # 100 at 11 bought at 9
    assert "+22.22%" in text


def test_messages_list_read_ones_too(page):
    assert [row.title for row in page("/messages/").context["page"]] == ["第一条", "第二条", "第三条", "已读"]


def test_opening_a_message_marks_it_read_once(page, bob):
    found = Message.objects.get(client=bob, title="第一条")

    first = page(f"/messages/{found.uid}/")
    page(f"/messages/{found.uid}/")

    found.refresh_from_db()
    assert first.status_code == 200
    assert found.read_at == factories.NOW
    assert BusinessFact.objects.filter(kind="message_read").count() == 1


def test_a_message_says_why_with_its_values_and_the_day_of_the_data(page, bob):
    text = page(f"/messages/{Message.objects.get(client=bob, title='第一条').uid}/").content.decode()

    assert "为什么看到这条消息" in text
    assert "您持有 12,000 份，3 天后到期" in text
    assert "1,250,000 元" in text
    assert "数据日期 2026-11-20" in text


def test_a_message_of_somebody_else_is_not_found_and_stays_unread(page):
    foreign = factories.message(factories.client("Charlie"))

    answer = page(f"/messages/{foreign.uid}/")

    foreign.refresh_from_db()
    assert answer.status_code == 404
    assert foreign.read_at is None


def test_text_from_data_cannot_become_markup(page, bob):
    found = factories.message(bob, title="<b>x</b>", body="<script>alert(1)</script>", why="<i>y</i>")

    text = page(f"/messages/{found.uid}/").content.decode()

    assert "<script>alert" not in text
    assert "<b>x</b>" not in text
    assert "<i>y</i>" not in text


@pytest.mark.parametrize("path", ["/holdings/", "/messages/", "/news/", "/services/", "/consents/", "/me/"])
def test_a_visitor_is_asked_to_log_in(client, path):
    answer = client.get(path)

    assert answer.status_code == 302
    assert answer.url.startswith("/login/?next=")


@pytest.mark.parametrize("path", ["/", "/holdings/", "/messages/", "/me/"])
def test_staff_are_sent_to_their_desk(client, path):
    client.force_login(factories.staff().user, backend="clients.org.backends.StaffBackend")

    assert client.get(path).url == "/desk/"


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/", HOME_QUERIES),
        ("/holdings/", HOLDINGS_QUERIES),
        ("/messages/", MESSAGES_QUERIES),
        ("/me/", ME_QUERIES),
    ],
)
def test_a_page_asks_as_often_as_it_did_when_it_was_built(page, django_assert_num_queries, path, most):
    page("/me/")  # the first page after a login also gives the browser its token

    with django_assert_num_queries(most):
        page(path)


def test_the_message_page_asks_as_often_as_it_did_when_it_was_built(page, bob, django_assert_num_queries):
    found = Message.objects.get(client=bob, title="已读")
    page("/me/")

    with django_assert_num_queries(MESSAGE_QUERIES):
        page(f"/messages/{found.uid}/")


@pytest.mark.parametrize(
    ("name", "value", "kept"), [("theme", "dark", True), ("market", "world", True), ("theme", "pink", False)]
)
def test_a_switch_is_kept_on_the_account_and_in_a_cookie(page, client, bob, name, value, kept):
    answer = client.post("/display/", {name: value}, headers={"referer": "http://testserver/holdings/?page=2"})

    assert answer.url == "/holdings/?page=2"
    assert User.objects.get(pk=bob.user_id).display == ({name: value} if kept else {})
    assert (name in answer.cookies) is kept


def test_switching_the_language_changes_the_next_page(page, client, bob):
    client.post("/display/", {"language": "en"}, headers={"referer": "http://testserver/"})

    text = client.get("/").content.decode()

    assert '<html lang="en"' in text
    assert "What matters today" in text
    assert "今日要事" not in text
    assert User.objects.get(pk=bob.user_id).language == "en"


def test_a_switch_goes_back_to_no_other_site(client):
    answer = client.post("/display/", {"theme": "dark"}, headers={"referer": "https://evil.example/x"})

    assert answer.url == "/"


def test_the_theme_stands_in_the_page_itself(page, client):
    client.cookies["theme"], client.cookies["market"] = "dark", "world"

    text = client.get("/", **CHINESE).content.decode()

    assert 'data-theme="dark" data-market="world" data-elder="off"' in text


def test_times_are_shown_in_shanghai(page, bob):
    late = factories.message(bob, title="晚间", created_at=datetime.fromisoformat("2026-11-21T17:30:00+00:00"))

    assert "2026-11-22 01:30" in page(f"/messages/{late.uid}/").content.decode()
