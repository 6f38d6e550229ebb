"""The collector: a WSGI application in front of Django that speaks the Segment HTTP tracking API.

Nothing of Django's handling of requests is on its way: a request is read, checked, appended to a segment and answered
when the disk has it. Everything that is not an address of the API goes on to Django untouched.
"""

import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus

from django.conf import settings
from msgspec import Raw

from clients.shared import addresses
from portal.collect import answers, identity, keys, lines, reading
from portal.collect.answers import Application, Environ, Headers, Refused, StartResponse
from portal.collect.caretaker import Caretaker, Chore
from portal.collect.identity import Identity
from portal.collect.keys import KnownKeys
from portal.collect.reading import Request
from portal.collect.segments import NotKept, Segments
from portal.collect.tally import Tally

BATCH = "batch"
ROUTES = {
    **{f"/v1/{kind}": kind for kind in lines.TYPES},
    **{f"/v1/{kind[0]}": kind for kind in lines.TYPES},  # the short forms of the web library
    **{f"/v1/{path}": BATCH for path in ("batch", "b", "import")},
}


@dataclass(frozen=True)
class Limits:
    """What the collector goes by; sizes in bytes after inflating, times in seconds."""

    event_bytes: int
    batch_bytes: int
    batch_events: int
    retry_after: int
    origins: frozenset[str] = frozenset()


class Collector:
    """Takes events; hands everything else to `django`."""

    def __init__(self, django: Application, *, segments: Segments, known: KnownKeys, limits: Limits) -> None:
        self._django, self._segments, self._known, self._limits = django, segments, known, limits
        self.tally = Tally()
        self.caretaker = Caretaker()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        kind = ROUTES.get(environ["PATH_INFO"])
        if kind is None:
            return self._django(environ, start_response)
        self.caretaker.start()
        headers: Headers = []
        request = Request(kind, environ)
        try:
            headers = reading.cross_origin(environ, self._limits.origins)
            if request.asks_beforehand():
                return answers.allowed(start_response, headers)
            self._keep(request)
        except Refused as why:
            self.tally.note(request.key, why.reason)
            return answers.refused(start_response, why, headers)
        return answers.taken(start_response, headers)

    def tell(self) -> None:
        """Write down what was refused. While the disk is nearly full it stays counted: the segments have said so."""
        with suppress(NotKept):
            self.tally.write(self._segments.append, received=time.time_ns() // 1000)

    def _keep(self, request: Request) -> None:
        if not self._known.ready:
            self._known.refresh()
        request.key = self._known.find(keys.of_header(request.environ.get("HTTP_AUTHORIZATION", "")))
        body = reading.body_of(request.environ, self._limits.batch_bytes)
        text = self._of_batch(request, body) if request.kind == BATCH else self._of_one(request, body)
        if request.hushed:
            self.tally.note(request.key, "silent")
            return
        try:
            if text:
                self._segments.append(text)
        except NotKept as why:
            raise answers.not_kept(self._limits.retry_after) from why

    def _of_batch(self, request: Request, body: bytes) -> bytes:
        """Return the lines of a batch; what is wrong with one event does not touch the others. Raises Refused."""
        found = lines.batch_of(body)
        if len(found.batch) > self._limits.batch_events:
            raise answers.malformed(f"More than {self._limits.batch_events} events: send fewer at once.")
        write = self._lines(request, found.writeKey, found.sentAt, found.who)
        return b"".join([write.of_batch(bytes(raw), self._limits.event_bytes) for raw in found.batch])

    def _of_one(self, request: Request, body: bytes) -> bytes:
        """Return the line of a single event. Raises Refused."""
        event, body = lines.event_of(body)
        write = self._lines(request, event.writeKey, event.sentAt)
        if len(body) > self._limits.event_bytes:
            raise answers.too_large(f"The event is larger than {self._limits.event_bytes} bytes.")
        return write.line(body, event, request.kind)

    def _lines(self, request: Request, in_body: str | None, sent_at: Raw, tag: str | None = None) -> lines.Lines:
        """Return what writes the lines of a request, once its key is known. Raises Refused."""
        request.key = key = request.key or self._known.find(in_body or "")
        if key is None:
            raise self._unknown_key()
        environ, now = request.environ, time.time_ns()
        who = None if key.names_clients else _of_tag(identity.proven(request.token(), now=now / 1e9), tag)
        request.hushed = not key.names_clients and who is None and request.wants_silence()
        return lines.Lines(
            key=key,
            who=who,
            received=now // 1000,
            ip=addresses.of_environ(environ) or "",
            agent=environ.get("HTTP_USER_AGENT", ""),
            sent_at=sent_at,
        )

    def _unknown_key(self) -> Refused:
        if not self._known.ready:
            return answers.not_kept(self._limits.retry_after)
        what = "The write key is unknown or was revoked. Send it as user name of HTTP Basic, or as writeKey."
        return Refused(HTTPStatus.UNAUTHORIZED, "unknown_key", what)


def _of_tag(who: Identity | None, tag: str | None) -> Identity | None:
    """Who is logged in, unless the events say that they were made on somebody else's page."""
    return who if who is None or tag is None or tag == who.tag else None


def in_front_of(django: Application) -> Collector:
    """Return the collector of this house, by its settings, with its chores."""
    segments = Segments(
        settings.COLLECT_DIR,
        largest=settings.COLLECT_SEGMENT_BYTES,
        oldest=settings.COLLECT_SEGMENT_SECONDS,
        gather=settings.COLLECT_GATHER_SECONDS,
        reserve=settings.COLLECT_FREE_BYTES,
    )
    known = KnownKeys(keys.from_the_record)
    made = Collector(django, segments=segments, known=known, limits=limits())
    made.caretaker = Caretaker(
        Chore(segments.tidy, every=1.0),
        Chore(known.refresh, every=settings.COLLECT_KEYS_SECONDS),
        Chore(made.tell, every=settings.COLLECT_TALLY_SECONDS),
    )
    return made


def limits() -> Limits:
    """Return the limits as the settings give them."""
    return Limits(
        event_bytes=settings.COLLECT_EVENT_BYTES,
        batch_bytes=settings.COLLECT_BATCH_BYTES,
        batch_events=settings.COLLECT_BATCH_EVENTS,
        retry_after=settings.COLLECT_RETRY_AFTER,
        origins=frozenset(settings.COLLECT_ORIGINS),
    )
