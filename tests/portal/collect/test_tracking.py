"""What a page lets the tracker tell, and what it does not."""

import re
from typing import Any

import pytest
from django.test import Client as Browser
from redis.exceptions import RedisError

from clients.register.models import Client, Consent
from portal.collect import services, tracking
from portal.collect.forms import KeyForm
from tests import factories as make

pytestmark = pytest.mark.django_db
SCRIPT = re.compile(
    r'<script src="[^"]*track\.js" defer data-key="([^"]*)" data-say="(\w+)" data-who="\w*" data-page="([\w.]+)">'
)


def told(browser: Browser, path: str, **extra: Any) -> tuple[str, ...] | None:
    """Key, answer and page of the tracker on a page; None without one."""
    found = SCRIPT.search(browser.get(path, **extra).content.decode())
    return found.groups() if found else None


def answer(client: Client, given: bool, purpose: str = "behaviour", version: str = "1") -> None:
    Consent.objects.create(client=client, purpose=purpose, version=version, given=given, channel="app", at=make.NOW)


@pytest.fixture
def bob(client: Browser) -> Client:
    bob = make.client()
    client.force_login(bob.user, backend="clients.register.backends.ClientBackend")
    return bob


@pytest.mark.parametrize(
    ("path", "page"), [("/", "home_home"), ("/privacy/", "home_privacy"), ("/login/", "home_login")]
)
def test_a_visitor_is_recorded_until_he_says_no(client: Browser, path: str, page: str) -> None:
    before = told(client, path)

    client.post("/privacy/recording/", {"record": "no"})
    silent = told(client, path)
    client.post("/privacy/recording/", {"record": "yes"})

    assert before == ("the-key-of-our-pages", "yes", page)
    assert silent == ("the-key-of-our-pages", "no", page)
    assert told(client, path) == before


def test_a_browser_that_asks_all_sites_not_to_is_heard(client: Browser) -> None:
    assert told(client, "/", headers={"sec-gpc": "1"})[1] == "no"


@pytest.mark.parametrize(("given", "said"), [(None, "no"), (False, "no"), (True, "yes")])
def test_a_client_is_recorded_only_when_he_agreed(client: Browser, bob: Client, given: bool | None, said: str) -> None:
    answer(bob, True, purpose="marketing")
    if given is not None:
        answer(bob, given)

    assert told(client, "/holdings/") == ("the-key-of-our-pages", said, "holdings_viewed")


def test_the_newest_answer_counts_from_the_next_page_on_and_after_the_logout(client: Browser, bob: Client) -> None:
    answers = {}
    for given in ("yes", "no"):
        client.post("/consents/", {"behaviour": given})
        answers[given] = told(client, "/consents/")[1]
    client.post("/logout/")

    assert answers == {"yes": "yes", "no": "no"}
    assert told(client, "/login/")[1] == "no"


def test_an_answer_about_something_else_leaves_the_browser_alone(client: Browser, bob: Client) -> None:
    reply = client.post("/consents/", {"marketing": "no"})

    assert tracking.SILENT not in reply.cookies


def test_staff_are_never_recorded(client: Browser) -> None:
    alice = make.staff("Alice")
    client.force_login(alice.user, backend="clients.org.backends.StaffBackend")

    assert told(client, "/privacy/") is None
    assert told(client, "/desk/") is None


def test_a_page_that_shows_no_client_still_knows_whose_it_is(client: Browser, bob: Client) -> None:
    answer(bob, True)

    assert told(client, "/privacy/") == ("the-key-of-our-pages", "yes", "home_privacy")


def test_pages_go_on_without_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: Any, **kwargs: Any) -> None:
        raise RedisError("no cache")

    monkeypatch.undo()  # the key itself, not the one that tests put on pages
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tracking.cache, "get_or_set", away, raising=False)

        assert tracking.web_key() == services.own_web_key()


def test_a_server_key_of_the_same_name_is_not_the_pages_key() -> None:
    services.make_key(name="another", platform="web", kind="server", by=None, now=make.NOW)

    assert not KeyForm({"name": services.WEB, "platform": "web", "kind": "server"}).is_valid()
    assert services.own_web_key()
