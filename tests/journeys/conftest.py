"""A real browser for the journeys: Debian's chromium, driven by Playwright against a real server.

Where there is no chromium the journeys are reported as skipped, with the command to get one. Every page is watched:
at the end of a test a breach of the content security policy or an error in a script fails it.
"""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests import factories

GET_ONE = "no chromium; to get one: apt-get install chromium fonts-noto-cjk"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
Open = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all journeys of this process."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip(GET_ONE)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, live_server) -> Iterator[Open]:
    """Open a fresh page with a width, a language and a theme; its faults fail the test."""
    contexts, faults = [], []

    def opened(*, width: int = 375, language: str = "zh-CN", theme: str = "light", elder: bool = False) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 812 if width < 500 else 900},
            locale=language,
            color_scheme=theme,
        )
        contexts.append(context)
        # The test server is Django alone, and what the tracker tells goes to the collector in front of it. A route that
        # answered instead would switch off the browser's cache.
        context.add_cookies([{"name": "silent", "value": "1", "url": live_server.url}])
        if elder:
            context.add_cookies([{"name": "elder", "value": "on", "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def log_in() -> Callable[[Page, str, str], None]:
    """Log a person in through the form, by keyboard."""

    def done(page: Page, door: str, name: str) -> None:
        page.goto(door)
        page.locator("#id_username").fill(name)
        page.locator("#id_password").fill(factories.PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "login" not in url)

    return done
