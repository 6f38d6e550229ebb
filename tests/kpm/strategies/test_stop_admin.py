"""The switch and the held strategies on their pages: set by one, lifted by another, told above every page."""

from typing import Any

import pytest
from django.test import Client as Browser

from clients.org.models import Role
from kpm.strategies import selectors
from kpm.strategies.models import Funnel, Run, ServiceStop, StopLift, StrategyHold
from tests import factories
from tests.clients.shared.test_admin import BACKEND, text
from tests.factories import NOW
from tests.kpm.strategies import rounds
from tests.kpm.strategies.test_admin import logged_in, press

pytestmark = pytest.mark.django_db
ADD = "/admin/strategies/servicestop/add/"
STOP = {"scope": "company", "purposes": "marketing", "reason": "a wrong letter"}


@pytest.fixture(autouse=True)
def _now(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def banner(browser: Browser) -> str:
    """What stands above the first page of the admin."""
    page = text(browser.get("/admin/"))
    return page.partition('class="wt-banner"')[2].partition("</div>")[0]


def test_one_press_stops_service_and_a_colleague_lets_it_go_on() -> None:
    otto, olga = logged_in("Otto", Role.OPERATOR), logged_in("Olga", Role.SERVICE_OPS)
    assert banner(otto) == ""

    otto.post(ADD, STOP)
    stop = ServiceStop.objects.get()
    above = banner(olga)
    otto.post(press(stop, "lift"), {"said": "enough"})
    alone = StopLift.objects.exists()
    olga.post(press(stop, "lift"), {"said": "the letter is mended"})

    assert (stop.set_by.staff.name, stop.from_at, stop.reason) == ("Otto", NOW, "a wrong letter")
    assert "Stopped since" in above
    assert "a wrong letter" in above
    assert alone is False
    lift = StopLift.objects.get()
    assert (lift.by.staff.name, lift.reason) == ("Olga", "the letter is mended")
    assert banner(otto) == ""
    assert "the letter is mended" in text(otto.get(f"/admin/strategies/servicestop/{stop.pk}/change/"))


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"scope": "branch"}, "branch"),
        ({"scope": "security"}, "code"),
        ({"scope": "product"}, "code"),
        ({"code": "600519.SH"}, "code"),
    ],
)
def test_a_stop_that_does_not_name_its_scope_is_not_set(said: dict[str, str], field: str) -> None:
    answer = logged_in("Otto", Role.OPERATOR).post(ADD, {**STOP, **said})

    assert list(answer.context["adminform"].form.errors) == [field]
    assert not ServiceStop.objects.exists()


def test_who_is_no_operator_neither_stops_nor_lifts() -> None:
    logged_in("Otto", Role.OPERATOR).post(ADD, STOP)
    stop = ServiceStop.objects.get()
    bea = logged_in("Bea", Role.BUSINESS_APPROVER)

    assert bea.post(ADD, STOP).status_code == 403
    assert bea.post(press(stop, "lift"), {"said": "please"}).status_code == 403
    assert (ServiceStop.objects.count(), StopLift.objects.count()) == (1, 0)


def held(**fields: Any) -> StrategyHold:
    version = rounds.version("WILD", author=factories.staff("Ada", roles=(Role.BUSINESS_APPROVER,)).user)
    run = rounds.run([(version, factories.client("Bob"))], now=NOW)
    found = {"kind": "held_breaker", "what": "median", "value": 90, "usual": 10, "limit": 30, **fields}
    return StrategyHold.objects.create(version=version, run=run, held_at=NOW, **found)


def test_what_is_held_is_told_and_released_by_an_approver_with_a_reason() -> None:
    hold, bea = held(), logged_in("Bea", Role.BUSINESS_APPROVER)
    above = banner(bea)
    page = text(bea.get(f"/admin/strategies/strategyhold/{hold.pk}/change/"))
    asked = text(bea.post(press(hold, "release")))

    bea.post(press(hold, "release"), {"said": "a market day"})

    hold.refresh_from_db()
    assert "1 strategy is held and waits for a person" in above
    assert "clients matched, against the runs before" in page
    assert "Why may it go on?" in asked
    assert (hold.released_by.staff.name, hold.released_at, hold.reason) == ("Bea", NOW, "a market day")
    assert banner(bea) == ""


def test_a_new_number_says_what_is_signed() -> None:
    hold, bea = held(kind="held_signature", what="matched"), logged_in("Bea", Role.BUSINESS_APPROVER)

    asked = text(bea.post(press(hold, "release")))

    assert "You sign a new number: 90 clients" in asked


def test_neither_the_author_nor_an_operator_releases() -> None:
    hold = held()
    ada = Browser(headers={"accept-language": "en"})
    ada.force_login(hold.version.author, backend=BACKEND)

    answers = [one.post(press(hold, "release"), {"said": "mine"}) for one in (ada, logged_in("Otto", Role.OPERATOR))]

    hold.refresh_from_db()
    assert [answer.status_code for answer in answers] == [404, 404]
    assert hold.released_at is None


def test_what_is_held_stands_on_the_page_of_its_strategy_and_of_the_run_that_held_it() -> None:
    hold, bea = held(), logged_in("Bea", Role.BUSINESS_APPROVER)
    pages = [
        f"/admin/strategies/strategy/{hold.version.strategy_id}/change/",
        f"/admin/strategies/run/{hold.run_id}/change/",
    ]

    waiting = [text(bea.get(page)) for page in pages]
    bea.post(press(hold, "release"), {"said": "a market day"})
    released = [text(bea.get(page)) for page in pages]

    for page in waiting:
        assert f'<a href="/admin/strategies/strategyhold/{hold.pk}/change/">WILD v1</a>' in page
        assert "Breaker: clients matched, against the runs before" in page
        assert "waits for a person" in page.split("<main")[1]
    assert all("a market day" in page for page in released)


def test_a_later_run_tells_what_was_held_before_it_and_still_is() -> None:
    hold = held()
    later = Run.objects.create(day=rounds.DAY, slot="after_settlement", attempt=9, cutoff=NOW, started_at=NOW)
    branch = factories.branch("HF01")
    Funnel.objects.create(run=later, version=hold.version, branch=branch, step=8, reason="held_breaker", n=1)
    StrategyHold.objects.create(
        version=rounds.version("CALM"), run=hold.run, kind="held_breaker", what="share", value=1, held_at=NOW
    )

    assert list(selectors.holds_of_run(later)) == [hold]
    assert selectors.holds_of_run(hold.run).count() == 2
