"""Which pages the requests of a web server's log showed, and what the operator says they are called.

    pages = Pages({"/stock/{symbol}": "stock_viewed", "/api/*": "-"})
    pages.of("/stock/600519.SH?from=mail")     # Page("/stock/600519.SH", "stock_viewed", {"symbol": "600519.SH"})

In a path that the operator names, `{word}` stands for one part of it, which becomes a property of this name, and `*`
for anything; the first that fits counts. Query strings, numbers of sessions and what looks like somebody's number are
no part of a page.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from clients.intake.masking import masked
from clients.intake.options import BadUsage
from clients.intake.translating import LeftOut

NONE = "-"  # the name of paths that are no pages
KNOWN = 20_000  # paths whose page is remembered
LONGEST = 2_000  # characters of a path that are kept
ASSETS = (
    ".css .js .mjs .map .json .xml .txt .ico .png .jpg .jpeg .gif .svg .webp .avif .bmp .woff .woff2 .ttf .otf .eot "
    ".mp3 .mp4 .webm .wasm .webmanifest .zip .gz"
)
ENDINGS = tuple(ASSETS.split())
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
OF_SESSIONS = re.compile(r";[^/]*")  # such as ;jsessionid=…
PLACES = re.compile(r"(\{[A-Za-z_]\w*\}|\*)", re.ASCII)


@dataclass(frozen=True)
class Page:
    """A page that was shown: its path, what it is called (None: nothing) and what its path tells."""

    path: str
    event: str | None = None
    properties: Mapping[str, str] = field(default_factory=dict)


class Pages:
    """Finds the page of a request's target."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """`names` is path → event, or `-` for paths that are no pages; raises BadUsage when one cannot be read."""
        self._patterns = [(_pattern(path), name) for path, name in names.items()]
        self._of = lru_cache(maxsize=KNOWN)(self._found)

    def of(self, target: str) -> Page:
        """Return the page; raises LeftOut when the target is a file that belongs to pages, or no page by a name."""
        page = self._of(target.partition("?")[0])
        if isinstance(page, str):
            raise LeftOut(page)
        return page

    def _found(self, target: str) -> Page | str:
        """The page, or the words why it is none: an exception cannot be remembered."""
        path = _path(target)
        if not path.startswith("/"):
            return "requests without a path left out"
        for pattern, name in self._patterns:
            if found := pattern.fullmatch(path):
                return _named(path, name, found)
        if path.lower().endswith(ENDINGS):
            return "files that belong to pages (styles, scripts, pictures …) left out"
        return Page(masked(path))


def tidy(address: str) -> str | None:
    """Return an address without its query, user and port; None where it is none of the web."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:  # such as a bracket that is never closed
        return None
    if not host or parts.scheme not in ("http", "https"):
        return None
    return f"{parts.scheme}://{host}{masked(_plain(parts.path))}"


def _path(target: str) -> str:
    """The path of a target, which a proxy is sent with the whole address; empty when it has none."""
    if target.startswith("/"):
        return _plain(target)
    address = tidy(target)
    return "/" + address.partition("://")[2].partition("/")[2] if address else ""


def _plain(path: str) -> str:
    return CONTROL.sub("", unquote(OF_SESSIONS.sub("", path.partition("#")[0])))[:LONGEST]


def _named(path: str, name: str, found: re.Match[str]) -> Page | str:
    if name == NONE:
        return "paths left out by --map"
    return Page(masked(path), name or None, found.groupdict())


def _pattern(path: str) -> re.Pattern[str]:
    parts = PLACES.split(path)
    try:
        return re.compile("".join(map(_part, parts)) + "/?")
    except re.error as error:
        raise BadUsage(f"--map {path}: the same word stands twice in it.") from error


def _part(text: str) -> str:
    if PLACES.fullmatch(text):
        return ".*" if text == "*" else f"(?P<{text[1:-1]}>[^/]+)"
    if "{" in text or "}" in text:
        raise BadUsage(f"--map {text}: write a part of a path as {{word}}, with letters, digits and _.")
    return re.escape(text)
