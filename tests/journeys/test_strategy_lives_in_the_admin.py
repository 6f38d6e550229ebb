"""A version of a strategy from its first word to its end, in the admin alone: Ada writes it, Bea signs for the
business and Cora for compliance, Otto runs it.

The night between two steps is the run itself; everything else is pressed on a page. With PICTURES, a folder, set in the
environment, pictures of every station in both widths and both languages are written there.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Page, expect

from clients.org.models import Role
from kpm.strategies import services
from kpm.strategies.models import Strategy, StrategyVersion
from tests import factories
from tests.factories import NOW
from tests.journeys.conftest import Open
from tests.journeys.test_one_story_through_three_faces import Camera, camera
from tests.kpm.strategies import branch as story
from tests.kpm.strategies.test_library import TASK

__all__ = ["camera"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]
LogIn = Callable[[Page, str, str], None]
CAST = {
    "Ada": Role.STRATEGY_AUTHOR, "Bea": Role.BUSINESS_APPROVER, "Cora": Role.COMPLIANCE, "Otto": Role.OPERATOR,
}  # fmt: skip
CONDITION = "top1_position_ratio >= 0.8"


@dataclass
class Stage:
    """One window in which now one and now another of the cast works."""

    page: Page
    log_in: LogIn
    camera: Camera
    numbers: dict[str, str]

    def enter(self, who: str, number: int = 0) -> Page:
        """Log somebody in and walk by links to the strategy, or to one of its versions."""
        self.page.context.clear_cookies()
        self.page.set_viewport_size({"width": 1440, "height": 900})
        self.log_in(self.page, "/admin/", self.numbers[who])
        self.page.goto("/admin/")
        self.page.locator(".model-strategy th a").click()
        self.page.get_by_role("link", name=TASK, exact=True).click()
        if number:
            row = self.page.locator(f"#versions-group .original a[href*='/{self.pk(number)}/change/']")
            row.first.click()
        return self.page

    def pk(self, number: int) -> int:
        """The key of a version, for its address."""
        return StrategyVersion.objects.get(strategy__code=TASK, number=number).pk

    def take(self, name: str) -> None:
        """Take the page's pictures when somebody wants to see them, and leave it in English and wide."""
        if "PICTURES" not in os.environ:
            return
        self.camera.take(self.page, name, fits=False)
        english = {"name": django_settings.LANGUAGE_COOKIE_NAME, "value": "en"}
        self.page.context.add_cookies([{**english, "url": self.page.evaluate("location.origin")}])
        self.page.reload()

    def press(self, label: str, said: str | None = None) -> None:
        """Press a button; what it asks is answered with `said`."""
        self.page.locator(".object-tools").get_by_role("button", name=label, exact=True).click()
        if said is not None:
            self.page.locator("#id_said").fill(said)
            self.page.locator(".submit-row input[type=submit]").click()

    def told(self, text: str) -> None:
        """What the page answers."""
        expect(self.page.locator(".messagelist")).to_contain_text(text)

    def buttons(self) -> list[str]:
        """What the person could press now."""
        return [text.strip() for text in self.page.locator(".object-tools button").all_inner_texts()]


@pytest.fixture
def stage(open_page: Open, log_in: LogIn, camera: Camera, settings: Any, tmp_path: Path, time_machine: Any) -> Stage:
    """The cast at the head of a company whose one strategy runs in a branch with known features."""
    settings.LAKE_DIR = tmp_path
    head, place = factories.branch("HQ"), story.build().branch
    place.parent = head
    place.save()
    services.offer_delivery(kind="playbook", code=TASK, version=1)
    services.run_slot(day=story.DAY, now=story.features())
    time_machine.move_to(NOW)
    numbers = {name: factories.staff(name, roles=(role,), at=head).staff_no for name, role in CAST.items()}
    return Stage(open_page(width=1440, language="en-US"), log_in, camera, numbers)


def test_the_whole_life_of_a_version_without_leaving_the_admin(stage: Stage) -> None:
    write(stage)
    sign(stage)
    roll_out(stage)
    rest_and_go_back(stage)
    out_and_in(stage)

    strategy = Strategy.objects.get(code=TASK)
    assert (strategy.status, strategy.live_version_id, strategy.pilot_version) == ("live", stage.pk(1), None)
    second = StrategyVersion.objects.get(strategy__code=TASK, number=2)
    assert list(second.events.order_by("pk").values_list("kind", flat=True)) == [
        "drafted", "edited", "submitted", "approved", "approved", "piloted", "stepped", "stepped", "launched", "paused",
        "resumed", "withdrawn",
    ]  # fmt: skip


def write(stage: Stage) -> None:
    """Ada opens a draft, is told what is wrong, counts before she saves, and hands it in."""
    page = stage.enter("Ada")
    stage.take("01-strategy")
    stage.press("Write the next version")
    page.locator("#id_condition").fill("top1_position_ratoi >= 0.8")
    page.locator("input[name=_continue]").click()
    expect(page.locator(".field-condition .errorlist")).to_contain_text("top1_position_ratoi")
    page.locator("#id_condition").fill(CONDITION)
    page.locator("#id_change_note").fill("0.8 instead of 0.7")
    page.locator("input[name=_preview]").click()
    stage.told("Not saved.")
    expect(page.locator(".wt-run").last).to_contain_text("What it would do")
    expect(page.locator(".field-preview")).to_contain_text("matched 1, not matched")
    assert StrategyVersion.objects.get(strategy__code=TASK, number=2).condition != CONDITION
    page.locator("input[name=_continue]").click()
    stage.take("02-draft")
    expect(page.locator(".field-changes")).to_contain_text("0.8")
    stage.press("Submit")
    stage.told("Submitted.")
    expect(page.locator(".field-state")).to_contain_text("waits for the signature of: Business, Compliance")
    assert "Approve" not in stage.buttons()


def sign(stage: Stage) -> None:
    """Bea and Cora sign its number, each once."""
    for name in ("Bea", "Cora"):
        page = stage.enter(name, number=2)
        stage.press("Approve")
        expect(page.locator(".wt-told")).to_contain_text("You sign: 1 clients on the data of 2026-11-20")
        stage.take(f"03-sign-{name}")
        page.locator("#id_said").fill("as counted")
        page.locator(".submit-row input[type=submit]").click()
        stage.told("Signed.")
        assert "Approve" not in stage.buttons()


def roll_out(stage: Stage) -> None:
    """Otto begins the pilot, the night finds what was signed, and Bea lets it go on until it is live."""
    page = stage.enter("Otto", number=2)
    stage.press("Begin the pilot")
    stage.told("The pilot begins with the next run, in 1 branches.")
    services.run_slot(day=story.DAY, now=NOW)
    page.reload()
    expect(page.locator(".field-signed_number")).to_contain_text("found by 2026-11-20")
    stage.take("04-pilot")
    page = stage.enter("Bea", number=2)
    for _step in range(2):
        stage.press("Go on with the rollout")
        stage.told("The next step begins with the next run.")
    stage.press("Go on with the rollout")
    stage.told("Live from the next run on.")
    stage.take("05-live")


def rest_and_go_back(stage: Stage) -> None:
    """Otto pauses and resumes it; Bea goes back to the version before; the trail says who did what."""
    page = stage.enter("Otto")
    stage.press("Pause", said="too many calls")
    stage.told("The strategy is paused")
    stage.take("06-paused")
    stage.press("Resume")
    stage.told("The strategy matches again")
    page = stage.enter("Bea", number=1)
    stage.press("Go back to this version", said="the new threshold misses people")
    stage.told("This version is live again.")
    page = stage.enter("Bea")
    expect(page.locator("#versions-group td.field-state")).to_have_text(["Taken back", "Live"])
    page = stage.enter("Bea", number=2)
    expect(page.locator(".field-changes")).to_contain_text(">= 0.8")
    expect(page.locator("#events-group")).to_contain_text("Compliance: as counted")
    expect(page.locator("#events-group")).to_contain_text("the new threshold misses people")
    stage.take("07-taken-back")


def out_and_in(stage: Stage) -> None:
    """Ada takes the version out as a file, changes a line and brings it in as the next draft."""
    page = stage.enter("Ada", number=2)
    with page.expect_download() as download:
        stage.press("Export as YAML")
    text = Path(download.value.path()).read_text(encoding="utf-8")
    page = stage.enter("Ada")
    stage.press("Import YAML")
    stage.take("08-import")
    page.locator("#id_said").fill(text.replace(CONDITION, "top1_position_ratoi >= 0.85"))
    page.locator(".submit-row input[type=submit]").click()
    stage.told("top1_position_ratoi")
    stage.press("Import YAML")
    page.locator("#id_said").fill(text.replace(CONDITION, "top1_position_ratio >= 0.85"))
    page.locator(".submit-row input[type=submit]").click()
    expect(page.locator("#id_condition")).to_have_value("top1_position_ratio >= 0.85")
    stage.take("09-imported")
