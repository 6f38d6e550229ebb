"""Alice works a task from the queue to its result without a mouse."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from advisory.taskqueue import services
from advisory.taskqueue.models import TaskResult
from tests.journeys import world
from tests.journeys.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]
LogIn = Callable[[Page, str, str], None]
REFRESH = "htmx.trigger('#rows', 'refresh')"
COMPOSING = "document.body.dispatchEvent(new KeyboardEvent('keydown', {code: '%s', isComposing: true, bubbles: true}))"


def test_from_the_queue_to_the_result_by_keyboard(open_page: Open, log_in: LogIn):
    here = world.build(timezone.now())
    page = open_page(width=1440)
    log_in(page, "/desk/login/", here.alice.staff_no)

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/t/{here.task.uid}/")
    page.keyboard.press("n")
    expect(page.locator("text=由你处理至")).to_be_visible()
    page.wait_for_load_state()  # the keys are there when the scripts are
    for key in ("1", "2", "r"):
        page.keyboard.press(key)
    page.keyboard.press("Tab")
    page.locator("#id_note").fill("周五再看")
    page.locator("#id_note").press("n")  # a letter typed in a field is a letter
    page.keyboard.press("Control+Enter")

    expect(page.locator(".wt-result")).to_contain_text("已接通")
    result = TaskResult.objects.get(task=here.task)
    assert (result.contact, result.response, result.verdict) == ("reached", "agreed", "right")
    assert result.note == "周五再看n"
    page.goto("/desk/?tab=done")
    expect(page.locator("[data-row]")).to_have_count(1)


def test_keys_pressed_while_chinese_is_composed_do_nothing(open_page: Open, log_in: LogIn):
    here = world.build(timezone.now())
    page = open_page(width=1440)
    log_in(page, "/desk/login/", here.alice.staff_no)
    page.goto(f"/desk/t/{here.task.uid}/")

    for code in ("KeyN", "Enter", "KeyQ"):
        page.evaluate(COMPOSING % code)

    here.task.refresh_from_db()
    assert here.task.state == "open"
    assert str(here.task.uid) in page.url


def test_what_was_typed_stays_when_a_colleague_took_the_task(open_page: Open, log_in: LogIn):
    here = world.build(timezone.now())
    page = open_page(width=1440)
    log_in(page, "/desk/login/", here.alice.staff_no)
    page.goto(f"/desk/t/{here.task.uid}/")
    page.keyboard.press("n")
    page.locator("#id_note").fill("谈了二十分钟")
    now = timezone.now()
    here.task.refresh_from_db()
    services.release(task=here.task, by=here.alice, now=now)
    services.claim(task=here.task, by=here.charlie, now=now)

    page.keyboard.press("Control+Enter")

    expect(page.locator(".wt-notice")).to_contain_text("李娜 已于")
    expect(page.locator("#id_note")).to_have_value("谈了二十分钟")
    assert TaskResult.objects.count() == 0


def test_a_queue_that_cannot_be_refreshed_says_so_and_keeps_the_row_that_was_chosen(open_page: Open, log_in: LogIn):
    here = world.build(timezone.now())
    page = open_page(width=1440)
    log_in(page, "/desk/login/", here.alice.staff_no)
    page.keyboard.press("j")
    page.keyboard.press("j")

    page.context.set_offline(True)
    page.evaluate(REFRESH)
    expect(page.locator("[data-offline]")).to_be_visible()
    page.context.set_offline(False)
    page.evaluate(REFRESH)
    expect(page.locator("[data-offline]")).to_be_hidden()

    expect(page.locator(f"#task-{here.task.uid} th a")).to_be_focused()


def test_when_nobody_was_reached_the_response_is_not_asked(open_page: Open, log_in: LogIn):
    here = world.build(timezone.now())
    page = open_page(width=1440)
    log_in(page, "/desk/login/", here.alice.staff_no)
    page.goto(f"/desk/t/{here.task.uid}/")
    page.keyboard.press("n")
    expect(page.locator(".wt-if-reached")).to_be_visible()

    page.keyboard.press("2")
    expect(page.locator(".wt-if-reached")).to_be_hidden()
    page.keyboard.press("Control+Enter")

    expect(page.locator(".wt-result")).to_contain_text("未接听")
    assert TaskResult.objects.get().contact == "not_answered"
