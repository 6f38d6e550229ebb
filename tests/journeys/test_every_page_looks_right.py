"""Every page in phone and desktop width, both languages, light and dark: accessible, within its width and weight."""

import gzip
import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page

from clients.ledger.models import CommissionMonth
from tests import factories
from tests.journeys import world
from tests.journeys.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]
LogIn = Callable[[Page, str, str], None]
LOOKS = [
    {"width": 375, "language": "zh-CN", "theme": "light"},
    {"width": 375, "language": "en-US", "theme": "dark"},
    {"width": 1440, "language": "zh-CN", "theme": "dark"},
    {"width": 1440, "language": "en-US", "theme": "light"},
    {"width": 375, "language": "zh-CN", "theme": "light", "elder": True},
]
PUBLIC = ("/", "/register/", "/privacy/", "/login/")
PAGES = (
    "/",
    "/holdings/",
    "/messages/",
    "/news/",
    "/services/",
    "/consents/",
    "/me/",
    "/me/portrait/",
    "/me/data/",
    "/me/looked/",
)
HEAVY = ("serious", "critical")
FIRST_LOAD = 200 * 1024
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Everything that can be reached must be reached by Tab alone.
MARK = "document.activeElement.dataset.reached = '1'"
MISSED = """[...document.querySelectorAll('a[href], button, input:not([type=hidden], [type=radio]), summary')]
    .filter((one) => one.checkVisibility() && !one.dataset.reached).map((one) => one.outerHTML)"""


def _faults(page: Page) -> list[str]:
    """What axe finds of serious or critical weight, and whether the page is wider than the window."""
    found = Axe().run(page).response["violations"]
    faults = [_said(page, fault, node) for fault in found if fault["impact"] in HEAVY for node in fault["nodes"]]
    wide = page.evaluate(WIDER)
    return [*faults, f"{page.url} is {wide} px too wide"] if wide > 0 else faults


def _said(page: Page, fault: dict, node: dict) -> str:
    return f"{page.url}: {fault['id']} {node['html'][:200]} {node.get('failureSummary', '')[:200]}"


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: "-".join(str(value) for value in look.values()))
def test_the_pages_of_a_client(open_page: Open, log_in: LogIn, look: dict):
    here, page, faults = world.build(timezone.now()), open_page(**look), []
    for path in PUBLIC:
        page.goto(path)
        faults += _faults(page)
    page.goto("/register/")
    page.get_by_role("main").get_by_role("button", name=re.compile("^(注册|Register)$")).click()
    page.wait_for_selector(".wt-errors")
    faults += _faults(page)
    log_in(page, "/login/", here.bob.client_no)

    for path in (*PAGES, f"/messages/{here.message.uid}/", "/nothing/here/"):
        page.goto(path)
        faults += _faults(page)

    assert faults == []


@pytest.mark.parametrize("look", LOOKS[:4], ids=lambda look: "-".join(str(value) for value in look.values()))
def test_the_pages_of_the_desk(open_page: Open, log_in: LogIn, look: dict):
    here, page, faults = world.build(timezone.now()), open_page(**look), []
    page.goto("/desk/login/")
    faults += _faults(page)
    log_in(page, "/desk/login/", here.alice.staff_no)

    for path in ("/desk/", "/desk/?tab=pool", "/desk/components/", f"/desk/t/{here.task.uid}/"):
        page.goto(path)
        faults += _faults(page)
    page.keyboard.press("n")
    page.wait_for_selector("#id_note")
    faults += _faults(page)

    assert faults == []


@pytest.mark.parametrize("look", LOOKS[:4], ids=lambda look: "-".join(str(value) for value in look.values()))
def test_the_page_of_a_supervisor(open_page: Open, log_in: LogIn, look: dict):
    here, page = world.build(timezone.now()), open_page(**look)
    month = timezone.localdate().replace(day=1)
    for number, name in enumerate(("欧阳明月", "Alexandra Konstantinopoulou-Wellington"), start=1):
        client = factories.client(name, manager=here.alice, login=False)
        CommissionMonth.objects.create(client=client, month=month, amount=1234567 / number, seen=1)
    log_in(page, "/desk/login/", factories.staff("赵敏", roles=("supervisor",), at=here.alice.branch).staff_no)

    page.goto("/desk/super/")

    assert page.locator("tbody tr").count() == 2
    assert _faults(page) == []


@pytest.mark.parametrize("elder", [False, True])
def test_the_public_pages_fit_at_every_width(open_page: Open, elder: bool):
    world.build(timezone.now())
    page, wider = open_page(language="en-US", elder=elder), {}

    for path in PUBLIC:
        page.goto(path)
        for width in (360, 375, 767, 768, 991, 992, 1440):
            page.set_viewport_size({"width": width, "height": 800})
            wider[path, width] = page.evaluate(WIDER)

    assert set(wider.values()) == {0}, wider


@pytest.mark.parametrize("elder", [False, True])
def test_the_five_places_and_the_tools_fit_at_every_width(open_page: Open, log_in: LogIn, elder: bool):
    here, page = world.build(timezone.now()), open_page(language="en-US", elder=elder)
    log_in(page, "/login/", here.bob.client_no)
    page.goto("/services/")
    wider = {}

    for width in (360, 375, 767, 768, 991, 992, 1199, 1200, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        wider[width] = page.evaluate(WIDER)

    assert set(wider.values()) == {0}, wider


def test_an_empty_home_looks_right_too(open_page: Open, log_in: LogIn):
    here, page = world.build(timezone.now()), open_page()
    log_in(page, "/login/", here.nobody.client_no)

    assert _faults(page) == []


@pytest.mark.parametrize("look", LOOKS[:4], ids=lambda look: "-".join(str(value) for value in look.values()))
def test_the_pages_of_a_lead(open_page: Open, log_in: LogIn, look: dict):
    here, page, faults = world.build(timezone.now()), open_page(**look), []
    lead = factories.client("李四", at=here.alice.branch, status="lead", opened_on=None)
    log_in(page, "/login/", lead.client_no)

    for path in PAGES:
        page.goto(path)
        faults += _faults(page)

    assert faults == []


@pytest.mark.parametrize("path", PUBLIC)
def test_the_first_load_of_a_public_page_is_light(open_page: Open, path: str, record_property):
    world.build(timezone.now())

    _is_light(open_page(), path, record_property)


@pytest.mark.parametrize("path", PAGES)
def test_the_first_load_of_a_client_page_is_light(open_page: Open, log_in: LogIn, path: str, record_property):
    here, page = world.build(timezone.now()), open_page()
    log_in(page, "/login/", here.bob.client_no)

    _is_light(page, path, record_property)


def _is_light(page: Page, path: str, record_property):
    sizes: dict[str, int] = {}
    page.on("response", lambda answer: sizes.update({answer.url: len(gzip.compress(answer.body(), 6))}))
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")

    page.goto(path, wait_until="networkidle")

    record_property("bytes", sum(sizes.values()))
    assert any(url.endswith("tabler.min.css") for url in sizes)
    assert sum(sizes.values()) <= FIRST_LOAD, sizes


@pytest.mark.parametrize("path", ["/", "/holdings/", "/news/", "/services/", "/consents/", "/me/"])
def test_everything_on_a_client_page_is_reached_by_tab(open_page: Open, log_in: LogIn, path: str):
    here, page = world.build(timezone.now()), open_page()
    log_in(page, "/login/", here.bob.client_no)

    _is_reached_by_tab(page, path)


@pytest.mark.parametrize("path", PUBLIC)
def test_everything_on_a_public_page_is_reached_by_tab(open_page: Open, path: str):
    world.build(timezone.now())

    _is_reached_by_tab(open_page(), path)


def _is_reached_by_tab(page: Page, path: str):
    page.goto(path)
    for _step in range(60):
        page.keyboard.press("Tab")
        page.evaluate(MARK)

    assert page.evaluate(MISSED) == []
