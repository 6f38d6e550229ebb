"""Take the pictures of the readme from a demo that runs: `python bin/pictures.py [http://127.0.0.1:8000] [FOLDER]`.

Through the doors of /demo/, so without a password; the three faces, in Chinese, as a phone and as a desk see them.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
PHONE, DESK = ViewportSize(width=375, height=812), ViewportSize(width=1440, height=900)
# Name of the file, who goes in, to which page, on what screen.
PICTURES = [
    ("client", "client", "/", PHONE),
    ("adviser", "adviser", "", DESK),
    ("administrator", "administrator", "/admin/strategies/strategy/?status__exact=live", DESK),
]


def enter(page: Page, who: str, path: str) -> None:
    """Press the button of the door, then open the page."""
    page.goto("/demo/")
    page.locator(f"button[name=who][value={who}]").first.click()
    page.wait_for_load_state("load")
    if who == "adviser":
        page.locator("a[href*='/desk/t/']").first.click()
    elif path:
        page.goto(path)
    page.wait_for_load_state("load")


def main(base: str, folder: Path) -> None:
    """Take all pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, who, path, size in PICTURES:
            context = browser.new_context(base_url=base, viewport=size, locale="zh-CN", color_scheme="light")
            page = context.new_page()
            enter(page, who, path)
            page.screenshot(path=folder / f"{name}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    base, folder = (*sys.argv[1:], *("http://127.0.0.1:8000", str(FOLDER))[len(sys.argv) - 1 :])
    main(base, Path(folder))
