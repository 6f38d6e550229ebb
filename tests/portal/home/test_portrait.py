"""What you know about me: a client reads it, corrects it, objects to it, switches it off; nobody else may."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser

from clients.portrait import selectors as portrait
from clients.portrait import services as portrait_services
from clients.portrait.models import Declaration
from clients.register.models import Client, Consent
from portal.collect.reading import SILENT
from portal.home.portrait import CLARITY, WORDS
from tests import factories
from tests.clients.portrait.one_night import only
from tests.clients.portrait.world import DAY, now
from tests.factories import NOW

pytestmark = pytest.mark.django_db
PORTRAIT_QUERIES = 8
MONDAY = date(2026, 11, 23)  # the trading day after DAY


@pytest.fixture(autouse=True)
def lake(settings: Any, tmp_path: Path) -> Path:
    """A lake of its own."""
    settings.LAKE_DIR = tmp_path / "lake"
    return tmp_path / "lake"


@pytest.fixture
def bob() -> Client:
    """Bob, who has told his occupation."""
    return factories.client("Bob", manager=factories.staff(), occupation="教师")


@pytest.fixture
def here(client: Any, bob: Client) -> Any:
    """Bob's browser, in English."""
    client.force_login(bob.user, backend="clients.register.backends.ClientBackend")
    client.cookies["django_language"] = "en"
    return client


def night(monkeypatch: pytest.MonkeyPatch, day: date = DAY, cutoff: datetime | None = None) -> None:
    """The night of a day: features of one group, then everybody's traits."""
    only(monkeypatch, "client")
    at = cutoff or now() + timedelta(seconds=1)
    portrait_services.mirror_day(day=day, cutoff=at)
    portrait_services.compute_features(day=day, cutoff=at)
    portrait_services.update_traits(day=day, cutoff=at)


def words(markup: str) -> str:
    """The words of a page or a part of it."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup))


def part(text: str, trait: str) -> str:
    """One trait of the page."""
    found = re.search(rf'<details class="wt-trait" id="trait-{trait}".*?</details>', text, re.DOTALL)
    assert found
    return found.group()


def test_before_the_first_night_every_trait_says_what_would_make_it_known(here: Any) -> None:
    text = here.get("/me/portrait/").content.decode()

    assert text.count('<details class="wt-trait"') == 20
    assert text.count("Nothing has been seen that tells of it.") == 20
    assert "when you tell us here" in part(text, "household")
    assert "when you trade" in part(text, "horizon")
    assert "when you trade" not in part(text, "household")


def test_a_trait_is_shown_with_value_words_for_its_confidence_and_what_it_rests_on(
    here: Any, bob: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    night(monkeypatch)

    text = here.get("/me/portrait/").content.decode()

    found = {row.name: row for row in portrait.portrait_of(bob.pk, DAY).traits}["occupation"]
    shown = part(text, "occupation")
    assert found.value == "public"
    assert "public service" in shown
    assert f"{found.confidence:.0%}" in shown
    assert "1 observation" in shown
    assert f"the newest of {DAY}" in shown
    assert f"so since {DAY}" in shown
    assert "not known" in part(text, "horizon")


def test_what_he_says_waits_for_the_next_night_and_holds_then(
    here: Any, bob: Client, monkeypatch: pytest.MonkeyPatch, time_machine: Any
) -> None:
    """He corrects one conclusion and objects to another; the next night goes by it."""
    began = now()
    night(monkeypatch)
    time_machine.move_to(NOW, tick=False)
    here.post("/me/portrait/household/", {"say": "correct", "value": "children"})
    here.post("/me/portrait/occupation/", {"say": "object"})

    before = here.get("/me/portrait/").content.decode()
    night(monkeypatch, MONDAY, cutoff=max(began, NOW) + timedelta(minutes=5))
    time_machine.move_to(NOW + timedelta(days=1, hours=12), tick=False)
    after = here.get("/me/portrait/").content.decode()

    assert "You said: with children. It holds from the night of 2026-11-23 on." in words(part(before, "household"))
    assert "You objected to this. It holds from" in words(part(before, "occupation"))
    assert "public service" in part(before, "occupation").split("</summary>")[0]  # the last night's stands until then
    assert "with children" in part(after, "household").split("</summary>")[0]
    assert "told us so told by you · 2026-11-22" in words(part(after, "household"))
    assert "not concluded, as you wish" in part(after, "occupation").split("</summary>")[0]
    assert "You objected on 2026-11-22." in part(after, "occupation")


def test_a_correction_is_kept_and_the_page_says_so(here: Any, bob: Client, time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)

    answer = here.post("/me/portrait/goal/", {"say": "correct", "value": "retirement"})

    assert answer.url == "/me/portrait/#trait-goal"
    said = Declaration.objects.values_list("client", "trait", "value", "at", "by")
    assert list(said) == [(bob.pk, "goal", "retirement", NOW, bob.user_id)]
    text = here.get("/me/portrait/").content.decode()
    assert "Kept: your own word counts from the next night on." in text
    assert "It holds from the night of 2026-11-23 on." in part(text, "goal")


def test_with_htmx_the_trait_alone_comes_back_open(here: Any) -> None:
    answer = here.post("/me/portrait/goal/", {"say": "object"}, HTTP_HX_REQUEST="true")

    text = answer.content.decode()
    assert answer.status_code == 200
    assert text.count("<details") == 1
    assert 'id="trait-goal" open' in text
    assert "Kept: from the next night on this is not concluded any more." in text
    assert "Take back what I said" in text
    assert "<html" not in text


def test_what_was_said_is_taken_back(here: Any) -> None:
    here.post("/me/portrait/goal/", {"say": "object"})

    here.post("/me/portrait/goal/", {"say": "take_back"})

    assert list(Declaration.objects.order_by("pk").values_list("value", flat=True)) == ["", "-"]
    assert "You took back what you had said." in part(here.get("/me/portrait/").content.decode(), "goal")


def test_an_industry_is_chosen_among_those_that_securities_have(here: Any) -> None:
    factories.security("600519", industry="食品饮料")

    here.post("/me/portrait/industry/", {"say": "correct", "value": "食品饮料"})
    refused = here.post("/me/portrait/industry/", {"say": "correct", "value": "Quantum tulips"})

    assert refused.status_code == 422
    assert list(Declaration.objects.values_list("value", flat=True)) == ["食品饮料"]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"say": "correct", "value": "to be rich"}, "Choose one of the answers in the list."),
        ({"say": "correct"}, "Choose one of the answers in the list."),
        ({"say": "burn"}, "Choose what to do: correct it, object to it, or take back what you said."),
        ({}, "Choose what to do: correct it, object to it, or take back what you said."),
    ],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_what_cannot_be_kept_is_refused_at_the_trait(here: Any, typed: Any, told: str, htmx: bool) -> None:
    answer = here.post("/me/portrait/goal/", typed, **({"HTTP_HX_REQUEST": "true"} if htmx else {}))

    assert answer.status_code == 422
    assert told in part(answer.content.decode(), "goal")
    assert answer.content.decode().count('role="alert"') == 1
    assert not Declaration.objects.exists()


def test_an_unknown_trait_is_not_found(here: Any) -> None:
    assert here.post("/me/portrait/beauty/", {"say": "object"}).status_code == 404
    assert not Declaration.objects.exists()


@pytest.mark.parametrize("path", ["/me/portrait/goal/", "/me/portrait/switch/personalisation/"])
@pytest.mark.parametrize("who", ["visitor", "staff"])
def test_nobody_else_says_anything(client: Any, bob: Client, path: str, who: str) -> None:
    if who == "staff":
        client.force_login(bob.manager.user, backend="clients.org.backends.StaffBackend")

    answer = client.post(path, {"say": "object", "answer": "off"})

    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/desk/" if who == "staff" else "/login/")
    assert not Declaration.objects.exists()
    assert not Consent.objects.exists()


def test_a_form_of_another_site_changes_nothing(bob: Client) -> None:
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(bob.user, backend="clients.register.backends.ClientBackend")

    answer = browser.post("/me/portrait/goal/", {"say": "object"})

    assert answer.status_code == 403
    assert not Declaration.objects.exists()


def test_personalisation_and_recording_are_switched_off_and_on(here: Any, bob: Client) -> None:
    for purpose in ("personalisation", "behaviour"):
        for answer in ("off", "off", "on"):
            here.post(f"/me/portrait/switch/{purpose}/", {"answer": answer})

    rows = Consent.objects.filter(client=bob).order_by("pk")
    assert list(rows.values_list("purpose", "given", "version", "channel")) == [
        ("personalisation", False, "web-2026-11", "web"),
        ("personalisation", True, "web-2026-11", "web"),
        ("behaviour", False, "web-2026-11", "web"),
        ("behaviour", True, "web-2026-11", "web"),
    ]


def test_recording_switched_off_counts_in_this_browser_at_once(here: Any) -> None:
    off = here.post("/me/portrait/switch/behaviour/", {"answer": "off"})

    assert off.cookies[SILENT].value == "1"
    assert "Switch on: Analysis of my behaviour on screen" in here.get("/me/portrait/").content.decode()


def test_who_was_never_asked_is_told_so(here: Any) -> None:
    text = here.get("/me/portrait/").content.decode()

    assert text.count("you have not been asked yet") == 2
    assert "Switch off: Personalised content" in text
    assert "Switch on: Analysis of my behaviour on screen" in text


@pytest.mark.parametrize(("purpose", "answer"), [("marketing", "on"), ("behaviour", "x"), ("behaviour", "")])
def test_other_purposes_and_answers_have_no_switch(here: Any, purpose: str, answer: str) -> None:
    assert here.post(f"/me/portrait/switch/{purpose}/", {"answer": answer}).status_code == 404
    assert not Consent.objects.exists()


def test_the_page_is_whole_in_chinese(here: Any) -> None:
    here.cookies["django_language"] = "zh-hans"

    text = words(here.get("/me/portrait/").content.decode())

    assert re.search(r"[\u4e00-\u9fff]", text)
    assert not re.search(r"[A-Za-z]{4,}", text.replace("English", "").replace("Wangting", ""))


def test_the_page_asks_as_often_as_it_did_when_it_was_built(here: Any, django_assert_num_queries: Any) -> None:
    here.get("/me/")

    with django_assert_num_queries(PORTRAIT_QUERIES):
        here.get("/me/portrait/")


def test_words_for_sureness_begin_at_their_bounds() -> None:
    assert [bound for bound, _words in WORDS] == [0.9, 0.7, 0.0]
    assert [bound for bound, _words in CLARITY] == sorted((bound for bound, _words in CLARITY), reverse=True)
    assert CLARITY[-1][0] == 0.0
