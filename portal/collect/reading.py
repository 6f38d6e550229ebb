"""What a request brings: its body, inflated within bounds, the origin of its page, what its browser asks for."""

import zlib
from http import HTTPStatus

from django.http import parse_cookie

from portal.collect import identity
from portal.collect.answers import Environ, Headers, Refused, malformed, too_large
from portal.collect.keys import Key

GZIP = 16 + zlib.MAX_WBITS
SILENT = "silent"  # the cookie of a browser that wants nothing recorded
DRAINED = 8  # times the limit: so much of a body that is too large is read, or its sender never hears the answer


class Request:
    """One request on its way through, with its key as soon as that is known."""

    def __init__(self, kind: str, environ: Environ) -> None:
        self.kind, self.environ = kind, environ
        self.key: Key | None = None
        self.hushed = False  # a visitor who wants nothing recorded: taken, and not kept

    def asks_beforehand(self) -> bool:
        """Whether a browser only asks what it may send. Raises Refused for what is neither that nor POST."""
        method = self.environ["REQUEST_METHOD"]
        if method not in ("POST", "OPTIONS"):
            allow = [("Allow", "POST, OPTIONS")]
            raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, "method", "Send events by POST.", allow)
        return bool(method == "OPTIONS")

    def wants_silence(self) -> bool:
        """Whether the browser says that visits may not be recorded: to us, or to all sites (Global Privacy Control)."""
        said = parse_cookie(self.environ.get("HTTP_COOKIE", "")).get(SILENT)
        return said == "1" or self.environ.get("HTTP_SEC_GPC") == "1"

    def token(self) -> str:
        """Return the text that is to prove who is logged in; "" when none came."""
        named = self.environ.get(identity.HEADER)
        return named or parse_cookie(self.environ.get("HTTP_COOKIE", "")).get(identity.COOKIE, "")


def body_of(environ: Environ, most: int) -> bytes:
    """Return the body as JSON text in bytes, at most `most` after inflating. Raises Refused."""
    body = environ["wsgi.input"].read(most + 1)
    if len(body) > most:
        environ["wsgi.input"].read(most * DRAINED)
        raise too_large(f"The body is larger than {most} bytes: send fewer events at once.")
    coding = environ.get("HTTP_CONTENT_ENCODING", "").strip().lower()
    if coding == "gzip":
        body = _inflated(body, most)
    elif coding not in ("", "identity"):
        what = f"The body comes as {coding[:40]}: send it as gzip or as it is."
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "encoding", what)
    return body.strip()


def _inflated(body: bytes, most: int) -> bytes:
    """Inflate no further than one byte beyond the limit, whatever the body would become."""
    stream = zlib.decompressobj(GZIP)
    try:
        text = stream.decompress(body, most + 1)
    except zlib.error as error:
        raise malformed("The body says that it is gzip and is not.") from error
    if len(text) > most:
        raise too_large(f"The body is larger than {most} bytes when it is inflated: send fewer events at once.")
    if not stream.eof or stream.unused_data:
        raise malformed("The gzip body is not whole, or something follows it.")
    return text


def cross_origin(environ: Environ, allowed: frozenset[str]) -> Headers:
    """Return what tells a page of another origin that it may send. Raises Refused when it may not.

    Pages of our own host may, and so may whatever names no origin: apps and servers.
    """
    origin = environ.get("HTTP_ORIGIN", "")
    if not origin or origin.partition("://")[2] == environ.get("HTTP_HOST"):
        return []
    if origin not in allowed:
        raise Refused(HTTPStatus.FORBIDDEN, "origin", "Pages of this origin may not send events here.")
    return [
        *[("Access-Control-Allow-Origin", origin), ("Access-Control-Allow-Credentials", "true"), ("Vary", "Origin")],
        *[("Access-Control-Allow-Methods", "POST"), ("Access-Control-Max-Age", "600")],
        ("Access-Control-Allow-Headers", "Authorization, Content-Type, Content-Encoding, X-Wangting-Identity"),
    ]
