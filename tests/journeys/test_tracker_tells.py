"""The web tracker in a real browser: what it tells, what waits for the network, and how it falls silent."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, Route

from clients.register.models import Client, Consent
from portal.collect import identity
from tests import factories as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
LARGEST = 6 * 1024  # bytes, gzip: the budget of the tracker
Event = dict[str, Any]


class Listener:
    """Stands where the collector answers and keeps what was told; `answers` says with which status, 0 is no network."""

    def __init__(self, page: Page, status: int = 200) -> None:
        self.status, self.batches, self.asked = status, list[dict[str, Any]](), 0
        page.context.clear_cookies(name="silent")
        page.context.route("**/v1/b", self._take)

    def _take(self, route: Route) -> None:
        self.asked += 1
        if not self.status:
            route.abort()
            return
        if self.status == 200:
            self.batches.append(json.loads(route.request.post_data or ""))
        route.fulfill(status=self.status, body="{}")

    def events(self) -> list[Event]:
        """Every event once, in the order of its first arrival."""
        return list({event["messageId"]: event for batch in self.batches for event in batch["batch"]}.values())

    def named(self, name: str) -> list[Event]:
        return [event for event in self.events() if name in (event.get("name"), event.get("event"))]

    def hears(self, page: Page, name: str, times: int = 1) -> list[Event]:
        """Wait until an event of this name was told so often."""
        for _ in range(200):
            if len(self.named(name)) >= times:
                break
            page.wait_for_timeout(50)
        assert len(self.named(name)) >= times, [event.get("name") or event.get("event") for event in self.events()]
        return self.named(name)


def waiting(page: Page) -> list[Event]:
    """What lies in the browser's own store."""
    return json.loads(page.evaluate("localStorage.getItem('wt-events') || '[]'"))


def until(page: Page, done: Callable[[list[Event]], bool]) -> list[Event]:
    """Wait until what lies in the browser's own store is so; the policy of our pages forbids waiting in the page."""
    for _ in range(200):
        if done(waiting(page)):
            break
        page.wait_for_timeout(50)
    assert done(waiting(page)), waiting(page)
    return waiting(page)


@pytest.fixture
def bob() -> Client:
    bob = make.client("Bob")
    agree(bob, True, "1")
    return bob


def agree(client: Client, given: bool, version: str) -> None:
    Consent.objects.create(client=client, purpose="behaviour", version=version, given=given, channel="app", at=make.NOW)


def test_it_is_small() -> None:
    text = (Path(settings.BASE_DIR) / "static" / "js" / "track.js").read_bytes()

    assert len(gzip.compress(text)) <= LARGEST


def test_a_visit_is_told_page_by_page_with_how_long_and_how_far(open_page: Callable[..., Page]) -> None:
    page = open_page()
    told = Listener(page)

    page.goto("/")
    told.hears(page, "home_home")
    page.wait_for_timeout(300)
    page.goto("/privacy/")
    second = told.hears(page, "home_privacy")[0]

    first, left = told.named("home_home")[0], told.hears(page, "page_left")[-1]
    assert (first["type"], first["context"]["page"], first["context"]["channel"]) == ("page", {"path": "/"}, "web")
    assert first["anonymousId"] == second["anonymousId"] == left["anonymousId"]
    assert left["properties"]["view"] == first["properties"]["view"] != second["properties"]["view"]
    assert left["properties"]["page"] == "home_home"
    assert left["properties"]["visible_ms"] >= 300
    assert 0 < left["properties"]["depth"] <= 100
    assert {batch["writeKey"] for batch in told.batches} == {"the-key-of-our-pages"}
    assert all("userId" not in event for event in told.events())


@pytest.mark.parametrize("status", [0, 503])
def test_what_was_not_taken_waits_and_is_told_later(open_page: Callable[..., Page], status: int) -> None:
    page = open_page()
    told = Listener(page, status)
    page.goto("/")
    until(page, bool)
    page.goto("/privacy/")
    page.wait_for_timeout(300)
    kept = {event["messageId"] for event in waiting(page)}

    told.status = 200
    page.goto("/login/")
    told.hears(page, "home_login")
    until(page, lambda events: not events)

    assert len(kept) >= 3  # a page, its end, a page
    assert kept <= {event["messageId"] for event in told.events()}


def test_what_is_refused_for_good_is_not_sent_again(open_page: Callable[..., Page]) -> None:
    page = open_page()
    told = Listener(page, 400)

    page.goto("/")
    until(page, lambda events: told.asked > 0 and not events)
    page.wait_for_timeout(2000)

    assert told.asked == 1


def test_a_press_a_search_and_what_was_in_view_are_told(open_page: Callable[..., Page]) -> None:
    page = open_page()
    told = Listener(page)
    page.goto("/privacy/")
    page.evaluate(
        """() => {
          document.querySelector("h1").outerHTML += `<button type="button" data-track="order_button"
            data-track-what='{"symbol": "600519.SH"}'>x</button>
            <p data-track-seen="security_seen" data-track-what='{"symbol": "000001.SZ"}'>y</p>
            <form data-track-search="q"><input name="q"><button>go</button></form>`;
          document.querySelector("form[data-track-search]").addEventListener("submit", (e) => e.preventDefault());
          document.dispatchEvent(new Event("htmx:afterSettle"));
        }"""
    )

    page.locator("[data-track]").click()
    for words in ("贵州茅台", "138 0013 8000"):
        page.locator("input[name=q]").fill(words)
        page.locator("form[data-track-search] button").click()

    pressed, seen = told.hears(page, "order_button")[0], told.hears(page, "security_seen")[0]
    searches = [event["properties"] for event in told.hears(page, "search", 2)]
    assert (pressed["properties"]["symbol"], seen["properties"]["symbol"]) == ("600519.SH", "000001.SZ")
    assert [(one.get("query"), one["letters"]) for one in searches] == [("贵州茅台", 4), (None, 13)]


def test_a_client_who_agreed_is_told_of_and_one_no_silences_every_tab(
    open_page: Callable[..., Page], log_in: Callable[[Page, str, str], None], bob: Client
) -> None:
    page = open_page()
    told = Listener(page)
    log_in(page, "/login/", bob.client_no)
    page.goto("/holdings/")
    told.hears(page, "holdings_viewed")
    other = page.context.new_page()
    other.goto("/messages/")
    told.hears(other, "home_messages")

    page.goto("/consents/")
    page.locator("input[name=behaviour][value=no]").check()
    page.get_by_role("button", name="保存").click()
    page.wait_for_selector("[data-toast]")
    before = len(told.events())
    other.bring_to_front()
    other.mouse.wheel(0, 500)
    other.close()
    page.goto("/holdings/")
    page.wait_for_timeout(2000)

    assert len(told.events()) == before
    assert page.evaluate("[localStorage.getItem('wt-events'), localStorage.getItem('wt-visitor')]") == [None, None]


def test_a_client_who_was_never_asked_is_not_told_of(
    open_page: Callable[..., Page], log_in: Callable[[Page, str, str], None]
) -> None:
    carol = make.client("Carol")
    page = open_page()
    told = Listener(page)
    log_in(page, "/login/", carol.client_no)
    before = len(told.events())

    page.goto("/holdings/")
    page.wait_for_timeout(2000)

    assert len(told.events()) == before


def test_what_waits_of_one_person_is_told_apart_from_the_next_ones(
    open_page: Callable[..., Page], log_in: Callable[[Page, str, str], None], bob: Client
) -> None:
    page = open_page()
    told = Listener(page, 503)
    page.goto("/privacy/")
    until(page, bool)
    log_in(page, "/login/", bob.client_no)
    page.goto("/holdings/")

    told.status = 200
    page.goto("/messages/")
    told.hears(page, "home_messages")
    told.hears(page, "home_privacy")

    by = {event.get("name"): batch["who"] for batch in told.batches for event in batch["batch"]}
    assert by["home_privacy"] == ""
    assert by["holdings_viewed"] == by["home_messages"] == identity.tag_of(bob.pk)
    assert all("who" not in event for event in told.events())


def test_another_client_on_the_same_browser_is_another_visitor(
    open_page: Callable[..., Page], log_in: Callable[[Page, str, str], None], bob: Client
) -> None:
    carol = make.client("Carol")
    agree(carol, True, "1")
    page = open_page()
    told = Listener(page)
    numbers = {}
    for client in (bob, carol):
        log_in(page, "/login/", client.client_no)
        page.goto("/holdings/")
        told.hears(page, "holdings_viewed", len(numbers) + 1)
        numbers[client.name] = told.named("holdings_viewed")[-1]["anonymousId"]
        page.goto("/me/")
        page.get_by_role("button", name="退出").first.click()
        page.wait_for_url("**/login/")

    login = told.hears(page, "home_login")[0]
    assert login["anonymousId"] == numbers["Bob"] != numbers["Carol"]


def test_a_key_that_was_revoked_loses_nothing(open_page: Callable[..., Page]) -> None:
    page = open_page()
    told = Listener(page, 401)
    page.goto("/")
    until(page, lambda events: told.asked > 0 and bool(events))

    told.status = 200
    page.goto("/privacy/")

    told.hears(page, "home_home")


def test_long_texts_that_wait_do_not_stop_each_other(open_page: Callable[..., Page]) -> None:
    page = open_page()
    told = Listener(page, 503)
    page.goto("/")
    until(page, bool)
    page.evaluate(
        """() => {
          const one = JSON.parse(localStorage.getItem("wt-events"))[0];
          const many = Array.from({length: 60}, (_, n) => ({...one, messageId: `m${n}`,
            properties: Object.fromEntries(Array.from({length: 3}, (_, k) => [`p${k}`, "证".repeat(500)]))}));
          localStorage.setItem("wt-events", JSON.stringify(many));
        }"""
    )

    told.status = 200
    page.goto("/privacy/")

    until(page, lambda events: not events)
    assert {f"m{n}" for n in range(60)} <= {event["messageId"] for event in told.events()}
