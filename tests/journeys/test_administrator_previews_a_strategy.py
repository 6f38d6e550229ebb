"""Dora, administrator, looks at a strategy, writes its next version and sees whom it would find."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from clients.org.models import Role
from kpm.strategies import services
from kpm.strategies.models import StrategyVersion
from tests import factories
from tests.journeys.conftest import Open
from tests.kpm.strategies import branch as story
from tests.kpm.strategies.test_library import TASK

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]
LogIn = Callable[[Page, str, str], None]


@pytest.fixture
def dora(settings: Any, tmp_path: Path) -> str:
    """The staff number of an administrator, in a branch whose features are known and where a run has been."""
    settings.LAKE_DIR = tmp_path
    story.build()
    services.offer_delivery(kind="playbook", code=TASK, version=1)
    services.run_slot(day=story.DAY, now=story.features())
    return factories.staff("Dora", roles=(Role.ADMINISTRATOR,)).staff_no


def test_from_the_list_to_the_preview_of_a_new_draft(open_page: Open, log_in: LogIn, dora: str):
    page = open_page(width=1440, language="en-US")

    log_in(page, "/admin/", dora)
    page.goto("/admin/strategies/strategy/")
    expect(page.locator("#result_list")).to_contain_text(f"1 ({story.DAY})")
    page.get_by_role("link", name=TASK, exact=True).click()
    page.get_by_role("button", name="Write the next version").click()
    expect(page.locator(".field-preview")).to_contain_text(f"{story.DAY}: matched 1, not matched")
    page.locator("#id_condition").fill("top1_position_ratio > 1")
    page.locator("input[name=_continue]").click()

    expect(page.locator(".field-preview")).to_contain_text(f"{story.DAY}: matched 0, not matched")
    assert StrategyVersion.objects.get(submitted_at__isnull=True).condition == "top1_position_ratio > 1"


def test_a_condition_that_cannot_be_read_is_said_in_chinese_at_its_field(open_page: Open, log_in: LogIn, dora: str):
    page = open_page(width=1440)
    log_in(page, "/admin/", dora)
    page.goto("/admin/strategies/strategy/")
    page.get_by_role("link", name=TASK, exact=True).click()
    page.locator("form[action*='write_draft'] button").click()

    page.locator("#id_condition").fill("top1_position_ratoi >= 0.7")
    page.locator("input[name=_continue]").click()

    expect(page.locator(".field-condition .errorlist")).to_contain_text("目录中没有特征 top1_position_ratoi")
    assert StrategyVersion.objects.get(submitted_at__isnull=True).condition != "top1_position_ratoi >= 0.7"
