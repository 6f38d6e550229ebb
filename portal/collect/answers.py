"""What the collector answers. SDKs send again after a 503 and never after a 400, 401, 403, 413 or 415."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

import msgspec

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
StartResponse = Callable[[str, Headers], Any]
Application = Callable[[Environ, Any], Iterable[bytes]]
TAKEN = b'{"success": true}'
ALWAYS = [("Content-Type", "application/json"), ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
LINES = {status: f"{status.value} {status.phrase}" for status in HTTPStatus}


class Refused(Exception):
    """A request of which nothing is kept: the status, a short reason to count by, and what would be right."""

    def __init__(self, status: HTTPStatus, reason: str, message: str, headers: Headers | None = None) -> None:
        super().__init__(message)
        self.status, self.reason, self.headers = status, reason, headers or []


def malformed(message: str) -> Refused:
    """Return the refusal of a body that is not what the path asks for."""
    return Refused(HTTPStatus.BAD_REQUEST, "malformed", message)


def too_large(message: str) -> Refused:
    """Return the refusal of a body, or of the one event in it, that exceeds the limit."""
    return Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", message)


def not_kept(seconds: int) -> Refused:
    """Return the answer when events could not be made safe: they are to be sent again in so many seconds."""
    later = [("Retry-After", str(seconds))]
    return Refused(HTTPStatus.SERVICE_UNAVAILABLE, "not_kept", "The events are not kept. Send them again later.", later)


def taken(start: StartResponse, headers: Headers) -> list[bytes]:
    """Answer that everything is kept."""
    return _answer(start, HTTPStatus.OK, TAKEN, headers)


def refused(start: StartResponse, why: Refused, headers: Headers) -> list[bytes]:
    """Answer that nothing is kept, and why."""
    said = {"success": False, "code": why.reason, "message": str(why)}
    return _answer(start, why.status, msgspec.json.encode(said), headers + why.headers)


def allowed(start: StartResponse, headers: Headers) -> list[bytes]:
    """Answer a browser that asks beforehand what it may send."""
    start(LINES[HTTPStatus.NO_CONTENT], [("Allow", "POST, OPTIONS"), *headers])
    return []


def _answer(start: StartResponse, status: HTTPStatus, body: bytes, headers: Headers) -> list[bytes]:
    start(LINES[status], [*ALWAYS, ("Content-Length", str(len(body))), *headers])
    return [body]
