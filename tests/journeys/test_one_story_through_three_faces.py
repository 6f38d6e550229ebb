"""One story through all three faces: an administrator brings a strategy to life, the day is run, the client reads what
it says, the adviser works the task it made, and the administrator sees what came of it.

Nothing is put into a table by hand: files go in, the rest is done through pages and by the day. Pictures of every
station in both widths and both languages are written to a temporary folder, or to PICTURES to be looked at afterwards.
"""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from playwright.sync_api import ConsoleMessage, Page, expect

from advisory.inbox.models import Message
from advisory.taskqueue.models import Task, TaskResult
from clients.org.models import Role
from clients.portrait import services as portrait
from clients.shared import clock
from kpm.strategies.models import Strategy, StrategyVersion
from portal.demo import branch
from tests import factories
from tests.journeys.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]
LogIn = Callable[[Page, str, str], None]
DAY = date(2026, 11, 20)
CODE = "MAT-TRD-019"  # one security is most of what a client has: a task for his adviser
WIDTHS, LANGUAGES = (375, 1440), ("zh-hans", "en")
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass
class Camera:
    """Takes a page in every width and language, and leaves it as it was."""

    folder: Path

    def take(self, page: Page, name: str, *, fits: bool = True) -> None:
        """Write the pictures of the page that is open; `fits`: it may not be wider than its window."""
        house = page.evaluate("location.origin")
        for language in LANGUAGES[::-1]:
            cookie = {"name": django_settings.LANGUAGE_COOKIE_NAME, "value": language, "url": house}
            page.context.add_cookies([cookie])
            page.reload()
            expect(page.locator("html")).to_have_attribute("lang", re.compile(f"^{language}$", re.IGNORECASE))
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                page.screenshot(path=self.folder / f"{name}-{width}-{language}.png", full_page=True)
                assert not fits or page.evaluate(WIDER) <= 0, f"{page.url} at {width} in {language}"


@pytest.fixture
def camera(tmp_path: Path) -> Camera:
    """A camera with a folder of its own."""
    folder = Path(os.environ.get("PICTURES") or tmp_path / "pictures")
    folder.mkdir(exist_ok=True)
    return Camera(folder)


@pytest.fixture
def watched(open_page: Open) -> Any:
    """Open a page whose console has to stay without errors; breaches of the policy fail every journey anyhow."""
    errors: list[str] = []

    def heard(said: ConsoleMessage) -> None:
        if said.type == "error":
            errors.append(f"{said.text} {said.location['url']}")

    def opened() -> Page:
        page = open_page(width=1440)
        page.on("console", heard)
        return page

    yield opened
    assert errors == []


@pytest.fixture
def dora(settings: Any, tmp_path: Path) -> str:
    """The staff number of a second administrator, in the sample branch on the evening of its last day."""
    settings.LAKE_DIR, settings.REJECT_DIR = tmp_path / "lake", tmp_path / "rejects"
    files, word = tmp_path / "files", factories.PASSWORD
    branch.build(folder=files, day=DAY, clients=30, seed=1, password=word, now=clock.now())
    now = clock.now()  # what has arrived by now is what the features see
    portrait.mirror_day(day=DAY, cutoff=now)
    portrait.compute_features(day=DAY, cutoff=now)
    return factories.staff("Dora", roles=(Role.ADMINISTRATOR,)).staff_no


def test_a_strategy_from_its_draft_to_its_result(watched: Callable[[], Page], log_in: LogIn, camera: Camera, dora: str):
    matched = write_and_submit(watched(), log_in, camera)
    launch(watched(), log_in, camera, dora)

    call_command("day", str(DAY))
    read_a_message(watched(), log_in, camera)
    task = Task.objects.filter(strategy_code=CODE, kind=Task.Kind.TASK, assignee__isnull=False).earliest("pk")
    work(watched(), log_in, camera, task)
    see_the_result(watched(), log_in, camera, matched)

    result = TaskResult.objects.get(task=task)
    assert (result.contact, result.response, result.verdict) == ("reached", "agreed", "right")
    assert len(list(camera.folder.glob("*.png"))) == 8 * len(WIDTHS) * len(LANGUAGES)


def version_page() -> str:
    """The page of the newest version of the strategy."""
    newest = StrategyVersion.objects.filter(strategy__code=CODE).latest("number")
    return f"/admin/strategies/strategyversion/{newest.pk}/change/"


def strategy_page() -> str:
    """The page of the strategy."""
    return f"/admin/strategies/strategy/{Strategy.objects.get(code=CODE).pk}/change/"


def write_and_submit(page: Page, log_in: LogIn, camera: Camera) -> int:
    """The administrator writes the next version, reads how many clients it would find, and submits it."""
    log_in(page, "/admin/", "E0902")
    page.goto(strategy_page())
    page.locator("form[action*='write_draft'] button").click()
    page.locator("#id_change_note").fill("演练：从草稿到结果")
    page.locator("input[name=_continue]").click()

    preview = page.locator(".field-preview")
    expect(preview).to_contain_text(f"{DAY}")
    matched = int("".join(filter(str.isdigit, preview.inner_text().split("命中", 1)[1].split("，")[0])))
    camera.take(page, "1-preview", fits=False)
    page.locator("form[action*='submit'] button").click()
    expect(page.locator(".messagelist")).to_contain_text("已提交")

    assert matched > 0
    return matched


def launch(page: Page, log_in: LogIn, camera: Camera, dora: str) -> None:
    """Two who wrote nothing of it sign its number, and one of them brings it live."""
    for staff_no in ("E0901", "E0905"):
        page.context.clear_cookies()
        log_in(page, "/admin/", staff_no)
        page.goto(version_page())
        page.locator("form[action*='approve'] button").click()
        page.locator("input[type=submit]").click()
        expect(page.locator(".messagelist")).to_contain_text("已签署")
    page.locator("form[action*='launch'] button").click()
    page.locator("#id_said").fill("演练")
    page.locator("input[type=submit]").click()
    expect(page.locator(".messagelist")).to_contain_text("从下次运行起生效")
    camera.take(page, "2-launched", fits=False)

    newest = StrategyVersion.objects.filter(strategy__code=CODE).latest("number")
    assert Strategy.objects.get(code=CODE).live_version == newest
    assert newest.number > 1


def read_a_message(page: Page, log_in: LogIn, camera: Camera) -> None:
    """A client whom the day wrote to logs in and reads why."""
    message = Message.objects.filter(client__user__isnull=False).earliest("pk")
    log_in(page, "/login/", message.client.client_no)
    camera.take(page, "3-home")
    page.goto("/")
    page.locator("#matters").get_by_text(message.title).click()
    expect(page.locator(".wt-because")).to_contain_text(message.why)
    camera.take(page, "4-message")

    message.refresh_from_db()
    assert message.data_day == DAY
    assert message.read_at is not None


def work(page: Page, log_in: LogIn, camera: Camera, task: Task) -> None:
    """The adviser finds the task in his queue, begins it, gives three answers and saves."""
    log_in(page, "/desk/login/", task.assignee.staff_no)
    camera.take(page, "5-queue")
    page.locator(f"#task-{task.uid} th a").click()
    page.wait_for_url(f"**/desk/t/{task.uid}/")
    page.keyboard.press("n")
    page.wait_for_selector("#id_note")
    camera.take(page, "6-task")
    answer_steps(page)
    for answer in ("contact", "response", "verdict"):
        value = {"contact": "reached", "response": "agreed", "verdict": "right"}[answer]
        page.locator(f"input[name={answer}][value={value}]").check()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".wt-result")).to_be_visible()
    camera.take(page, "7-result")


def answer_steps(page: Page) -> None:
    """Give every step that asks for something an answer of its kind."""
    for box in page.locator("input[type=checkbox][name^=step_]").all():
        box.check()
    for choice in page.locator("select[name^=step_]").all():
        choice.select_option(index=1)
    for field in page.locator("input[type=text][name^=step_]").all():
        field.fill("已说明")
    for field in page.locator("input[type=number][name^=step_]").all():
        field.fill("1")
    for field in page.locator("input[type=date][name^=step_]").all():
        field.fill("2026-11-30")


def see_the_result(page: Page, log_in: LogIn, camera: Camera, matched: int) -> None:
    """The administrator sees on the page of the strategy how many it found and what the desk answered."""
    log_in(page, "/admin/", "E0902")
    page.goto(strategy_page())
    camera.take(page, "8-strategy", fits=False)

    expect(page.locator(".field-last_matched")).to_contain_text(f"{matched} ({DAY})")
    expect(page.locator(".field-answers")).to_contain_text("已答复 1，接通 1，命中正确 1")
