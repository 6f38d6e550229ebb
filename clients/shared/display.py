"""What a person chose about how pages look: theme, market colours, 长辈版, language.

Cookies carry the choices, so that a page (also an error page, also the login) needs no query to know them; the
account keeps them, and a login writes them back into the cookies of a new device.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

YEAR = 365 * 24 * 3600
CHOICES: dict[str, tuple[str, ...]] = {
    "theme": ("auto", "light", "dark"),
    "market": ("cn", "world"),
    "elder": ("off", "on"),
    "language": tuple(code for code, _name in settings.LANGUAGES),
}


@dataclass(frozen=True)
class Face:
    """How a page is to look; `market` cn: rising is red, world: rising is green."""

    theme: str = "auto"
    market: str = "cn"
    elder: str = "off"

    @property
    def is_elder(self) -> bool:
        """Whether this is 长辈版: larger, fewer things, no motion."""
        return self.elder == "on"


def face_of(request: HttpRequest | None) -> Face:
    """Return what the cookies say; anything unknown is the default."""
    cookies = request.COOKIES if request else {}
    known = {name: cookies.get(name) for name in ("theme", "market", "elder")}
    return Face(**{name: value for name, value in known.items() if value in CHOICES[name]})


def remember(response: HttpResponse, choices: dict[str, Any], *, secure: bool) -> None:
    """Write the valid ones of `choices` into cookies that last a year."""
    for name, value in choices.items():
        if value in CHOICES.get(name, ()):
            cookie = settings.LANGUAGE_COOKIE_NAME if name == "language" else name
            response.set_cookie(cookie, value, max_age=YEAR, samesite="Lax", secure=secure, httponly=True)
