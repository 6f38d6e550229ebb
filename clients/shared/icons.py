"""Icons as inline SVG, read once from the installed @tabler/icons package; nothing of it lies in the repository."""

import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

FOLDER = "node_modules/@tabler/icons/icons/outline"
INSIDE = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
BACKGROUND = re.compile(r'<path stroke="none"[^>]*/>')
# The names that pages use, and the file of each. Others are not served.
ICONS = {
    "home": "home",
    "assets": "chart-pie",
    "news": "news",
    "services": "clipboard-list",
    "me": "user",
    "branch": "building-bank",
    "source": "external-link",
    "messages": "bell",
    "call": "phone",
    "up": "arrow-up",
    "down": "arrow-down",
    "level": "minus",
    "success": "circle-check",
    "warning": "alert-triangle",
    "danger": "alert-circle",
    "info": "info-circle",
    "next": "chevron-right",
    "back": "chevron-left",
    "language": "language",
    "theme": "sun-moon",
    "elder": "text-size",
    "logout": "logout",
    "clock": "clock",
    "keyboard": "keyboard",
    "queue": "list-check",
    "events": "timeline",
    "why": "bulb",
    "empty": "inbox",
    "market": "palette",
    "settings": "settings",
    "components": "layout-grid",
    "check": "check",
    "release": "arrow-back-up",
    "waiting": "hourglass",
    "person": "id",
    "supervisor": "users",
    "portrait": "chart-bar",
    "segments": "filter",
    "strategies": "target-arrow",
    "cases": "award",
}


@lru_cache(maxsize=len(ICONS))
def drawing(name: str) -> str:
    """Return the paths of an icon, for an SVG of 24 by 24; raises KeyError for a name that is not in ICONS."""
    path = Path(settings.BASE_DIR) / FOLDER / f"{ICONS[name]}.svg"
    if not path.exists():
        raise ImproperlyConfigured("The icons are not installed: run `make venv`, which fetches them by npm.")
    found = INSIDE.search(path.read_text(encoding="utf-8"))
    inside = BACKGROUND.sub("", found.group(1)) if found else ""
    return " ".join(inside.split())
