"""Events as lines of a segment: one JSON object and a line feed, put together as bytes, the event as it came.

    {"r": received, µs since 1970, "k": number of the write key, "p": its platform, "o": 1 when the key is public, left
     out otherwise, "t": type of the event, "c": surrogate number of the client whom a token proves, or null, "n":
     client number that a server key names, or null, "f": 1 when a public key names a client whom nothing proves, else
     0, "i": address, "u": User-Agent, "s": when the request was sent, by its own clock, or null, "e": the event}

What cannot be taken is a dead letter: {"r", "k", "p", "o", "x": the reason, "e": its text, cut}.
"""

import hashlib
import re
from functools import lru_cache
from typing import Any
from uuid import uuid4

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from portal.collect.answers import malformed
from portal.collect.identity import Identity
from portal.collect.keys import Key

TYPES = frozenset(("track", "page", "screen", "identify", "group", "alias"))
CUT = 2048  # bytes that are kept of a dead letter
LONGEST_AGENT, LONGEST_TIME = 512, 64  # characters; both are written beside every event of a batch
NULL = Raw(b"null")
UNDATED = (NULL, Raw(b'""'))
DIGITS = 32  # hex digits of a message id that is made of the event
OF_SENDING = ("messageId", "sentAt", "writeKey")  # what may differ when the same event is sent again
# Scripts cut texts in the middle of an emoji; half of one is no text. Every escape is looked at from the left, so that
# a backslash that is itself escaped begins nothing.
ESCAPE = re.compile(
    rb"(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\."
)
WRITE_KEY = re.compile(rb'("writeKey"\s*:\s*)"(?:[^"\\]|\\.)*"')


class Event(Struct):
    """What is looked at in an event; the rest of it is only checked to be JSON."""

    type: str | None = None
    messageId: str | UnsetType | None = UNSET  # noqa: N815
    userId: str | int | None = None  # noqa: N815
    writeKey: str | None = None  # noqa: N815
    sentAt: Raw = NULL  # noqa: N815


class Batch(Struct):
    """The body of /v1/batch. `who` is the tag of the client on whose page the events were made, "" for a visitor's.

    Events wait in the browser, and somebody else may have logged in when they are sent: then they are nobody's.
    """

    batch: list[Raw]
    who: str | None = None
    writeKey: str | None = None  # noqa: N815
    sentAt: Raw = NULL  # noqa: N815


class Dead(Exception):
    """An event that cannot be taken, and why."""


_event, _batch = msgspec.json.Decoder(Event), msgspec.json.Decoder(Batch)
_parts = msgspec.json.Decoder(dict[str, Raw])


def event_of(body: bytes) -> tuple[Event, bytes]:
    """Read a body that is one event; return it also as it is kept. Raises Refused."""
    return _read(_event, body)


def batch_of(body: bytes) -> Batch:
    """Read a body that is a batch. Raises Refused."""
    return _read(_batch, body)[0]


def _read(decoder: Any, body: bytes) -> tuple[Any, bytes]:
    """Return what a body says, and the body, mended where it holds half a character. Raises Refused."""
    try:
        body.decode()  # the decoder does not look into texts that it skips
        return decoder.decode(body), body
    except UnicodeDecodeError as error:
        raise malformed(f"The body is not UTF-8 (byte {error.start}).") from error
    except RecursionError as error:
        raise malformed("The JSON is nested too deep.") from error
    except msgspec.DecodeError as error:
        mended = ESCAPE.sub(lambda found: b"\\ufffd" if found[2] else found[0], body)
        if mended == body:
            raise malformed(f"{error}.") from error
        return _read(decoder, mended)


@lru_cache(maxsize=4096)
def _quoted(text: str) -> bytes:
    """Return a text as JSON; what is no character becomes a question mark."""
    return msgspec.json.encode(text.encode("utf-8", "replace").decode())


class Lines:
    """Writes the lines of one request: what all of them share is put together once."""

    def __init__(self, *, key: Key, who: Identity | None, received: int, ip: str, agent: str, sent_at: Raw) -> None:
        self._key, self._who = key, who
        sent = bytes(sent_at)
        public = b"" if key.names_clients else b'"o":1,'
        self._head = b'{"r":%d,"k":%d,"p":"%s",%s' % (received, key.pk, key.platform.encode(), public)
        when = sent if sent.startswith(b'"') and len(sent) <= LONGEST_TIME else b"null"
        self._tail = b',"i":%s,"u":%s,"s":%s,"e":' % (_quoted(ip), _quoted(agent[:LONGEST_AGENT]), when)

    def of_batch(self, raw: bytes, most: int) -> bytes:
        """Return the line of one event of a batch, or that of a dead letter; the others are not touched by it."""
        try:
            if len(raw) > most:
                raise Dead("too_large")
            event = _event.decode(raw)
            return self.line(raw, event, event.type or "")
        except (Dead, msgspec.DecodeError, RecursionError) as why:
            return self.dead(raw, str(why) if isinstance(why, Dead) else f"malformed: {why}")

    def line(self, raw: bytes, event: Event, kind: str) -> bytes:
        """Return the line of an event. Raises Dead."""
        if kind not in TYPES:
            raise Dead("unknown_type")
        if event.writeKey is not None:
            raw = WRITE_KEY.sub(rb'\1""', raw)  # it has done its work; a server's is a secret
        if not event.messageId:
            raw = self._with_message_id(raw, event, kind)
        if b"\n" in raw or b"\r" in raw:  # outside of texts, where JSON allows them and a line does not
            raw = raw.replace(b"\n", b" ").replace(b"\r", b" ")
        return b'%s"t":"%s",%s%s%s}\n' % (self._head, kind.encode(), self._about(event.userId), self._tail, raw)

    def dead(self, raw: bytes, reason: str) -> bytes:
        """Return the line of what could not be taken."""
        text = WRITE_KEY.sub(rb'\1""', raw)[:CUT].decode("utf-8", "ignore")
        return b'%s"x":%s,"e":%s}\n' % (self._head, msgspec.json.encode(reason), msgspec.json.encode(text))

    def _about(self, named: str | int | None) -> bytes:
        """Say whom the event is about: only a token proves a client to a public key, only a server key names one."""
        user = "" if named is None else str(named)
        if self._key.names_clients:
            return b'"c":null,"n":%s,"f":0' % (msgspec.json.encode(user) if user else b"null")
        if self._who is not None and (not user or self._who.is_called(user)):
            return b'"c":%d,"n":null,"f":0' % self._who.client_id
        return b'"c":null,"n":null,"f":1' if user else b'"c":null,"n":null,"f":0'

    def _with_message_id(self, raw: bytes, event: Event, kind: str) -> bytes:
        """Give an event a number, or it could not be told from others when it is read twice."""
        number = self._digest(raw, kind) or str(uuid4())
        if event.messageId is UNSET:
            rest = raw.lstrip()[1:].lstrip()
            return b'{"messageId":"%s"%s%s' % (number.encode(), b"" if rest.startswith(b"}") else b",", rest)
        return msgspec.json.encode({**_parts.decode(raw), "messageId": number})

    def _digest(self, raw: bytes, kind: str) -> str:
        """Return the number that an event has by what it says, so that a request sent again brings the same event.

        It is made of the key, the client who is proven, the type, and the event; "" without a time, since one may do
        the same twice.
        """
        parts = _parts.decode(raw)
        if parts.get("timestamp", NULL) in UNDATED:
            return ""
        about = [self._key.pk, self._who.client_id if self._who else None, kind]
        told = {name: part for name, part in parts.items() if name not in OF_SENDING}
        return hashlib.sha256(msgspec.json.encode([about, told], order="sorted")).hexdigest()[:DIGITS]
