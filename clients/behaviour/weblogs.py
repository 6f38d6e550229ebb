"""Logs of web servers as a form of the file of events: the combined format of Apache and Nginx, and the common one.

Every page that was shown becomes an event of the type page. The address is not kept: a digest of address, day and
User-Agent under a key of the house tells the visitors of one day apart. A line's id is a digest as well, of all of it,
with its number among equal ones, so that the same file changes nothing when it comes again.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from django.conf import settings

from clients.behaviour.logpages import Pages, tidy
from clients.intake.cleaning import Unreadable
from clients.intake.options import BadUsage
from clients.intake.registry import Form, Merge, Row
from clients.intake.suggest import did_you_mean
from clients.intake.translating import LeftOut

USER = "remote_user"  # the one column that the operator may map, to userId
LONGEST_USER, LONGEST_AGENT = 20, 512
KNOWN = 20_000  # referrers that are remembered
QUOTED = r'[^"\\]*+(?:\\.[^"\\]*+)*+'
# What stands behind the User-Agent is of the operator's making; before the address some write the host that was asked.
LINE = re.compile(
    rf"(?:\S+:\d+ (?=[\da-fA-F.:]+ ))?(?P<host>\S+) \S+ (?P<user>.+?) \[(?P<day>\d\d)/(?P<month>[A-Z][a-z]{{2}})/"
    rf'(?P<year>\d{{4}}):(?P<time>\d\d:\d\d:\d\d) (?P<zone>[+-]\d{{4}})\] "(?P<request>{QUOTED})" '
    rf'(?P<status>\d{{3}}) (?:\d+|-)(?: "(?P<referrer>{QUOTED})" "(?P<agent>{QUOTED})"(?: .*)?)?',
    re.ASCII,
)
MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"
ESCAPED = re.compile(r"\\(?:x([0-9a-fA-F]{2})|(.))")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
NO_LINE = 'no line of a log in the combined or common format: address - user [day/month/year:time zone] "request" …'
OTHERS = "remote users who are no clients: their pages count as a visitor's"
NUMBER = """
    UPDATE intake_stage s SET "messageId" = s."messageId" || '-' || n.number FROM (
        SELECT line, row_number() OVER (PARTITION BY "messageId" ORDER BY line) AS number
        FROM intake_stage WHERE line = ANY(ARRAY[{lines}]::bigint[])
    ) n WHERE n.line = s.line AND n.number > 1
"""
OF_CLIENTS = """
    UPDATE intake_stage s SET "anonymousId" = NULL FROM register_client c WHERE c.client_no = s."userId"
"""
OF_OTHERS = """
    UPDATE intake_stage s SET "userId" = NULL WHERE s."userId" IS NOT NULL AND s."anonymousId" IS NOT NULL
"""


def fits(line: str) -> bool:
    """Say whether a line is one of such a log."""
    return LINE.fullmatch(line) is not None


def reader(mapped: Mapping[str, str], names: Mapping[str, str]) -> Callable[[str], Row]:
    """Return what makes an event of a line; raises BadUsage when a name is mapped that a log does not have.

    `mapped` may say that the remote user is the client number, `names` is the path of pages → the name of the event.
    """
    for name, ours in mapped.items():
        if (name, ours) != (USER, "userId"):
            raise BadUsage(f"--map {name}={ours}: of a log, map paths, or {USER}=userId{did_you_mean(name, [USER])}.")
    return _Reader(Pages(names), _user if mapped else _nobody)


class _Reader:
    """Makes an event of each line, with digests under the key of the house."""

    def __init__(self, pages: Pages, user: Callable[[str], str | None]) -> None:
        self._pages, self._user, self._digest = pages, user, _digests()

    def __call__(self, line: str) -> Row:
        """Return the event; raises Unreadable for what is no line of a log, LeftOut where no page was shown."""
        found = LINE.fullmatch(line)
        if not found:
            raise Unreadable("E_COLUMN", NO_LINE)
        page, agent = self._pages.of(_target(found)), _agent(found["agent"])
        visitor = f"{found['year']}-{found['month']}-{found['day']} {found['host']} {agent}"
        return {
            "messageId": self._digest(line),
            "type": "page",
            "event": page.event,
            "userId": self._user(found["user"]),
            "anonymousId": self._digest(visitor),
            "timestamp": _moment(found),
            "context": _context(page.path, _referrer(found["referrer"]), agent),
            "properties": page.properties,
        }


def settle(merge: Merge, repeated: Sequence[int]) -> None:
    """This will number equal lines, and keep the remote user where he is a client, the visitor where he is none."""
    if repeated:
        merge.run(NUMBER.format(lines=", ".join(map(str, repeated))))
    merge.run(OF_CLIENTS)
    merge.note(OTHERS, merge.run(OF_OTHERS))


def _digests() -> Callable[[str], str]:
    """A digest that tells nothing of the address to those who try all of them: it takes the key of the house."""
    key = hashlib.blake2b(settings.BLIND_INDEX_KEY.encode(), person=b"weblogs").digest()

    def digest(text: str) -> str:
        return "log-" + hashlib.blake2b(text.encode(), key=key, digest_size=16).hexdigest()

    return digest


def _target(found: re.Match[str]) -> str:
    """What was asked for and shown; raises LeftOut when nothing was."""
    method, _, rest = found["request"].partition(" ")
    if method != "GET":
        raise LeftOut("requests other than GET left out")
    if found["status"][0] != "2" and found["status"] != "304":
        raise LeftOut("answers other than 2xx and 304 left out")
    return _unescaped(rest.rpartition(" ")[0] if " HTTP/" in rest else rest)


def _context(path: str, referrer: str | None, agent: str) -> Row:
    page = {"path": path, "referrer": referrer} if referrer else {"path": path}
    return {"channel": "web", "page": page} | ({"userAgent": agent} if agent else {})


def _moment(found: re.Match[str]) -> str:
    """ISO 8601; a month that there is none of gives a time that cannot be read."""
    month = MONTHS.find(found["month"]) // 3 + 1
    return f"{found['year']}-{month:02}-{found['day']}T{found['time']}{found['zone'][:3]}:{found['zone'][3:]}"


def _user(text: str) -> str | None:
    return text if text != "-" and len(text) <= LONGEST_USER else None


def _nobody(_text: str) -> None:
    """The operator does not say that remote users are clients."""


def _agent(text: str | None) -> str:
    return _unescaped(text)[:LONGEST_AGENT] if text and text != "-" else ""


@lru_cache(maxsize=KNOWN)
def _referrer(text: str | None) -> str | None:
    return tidy(_unescaped(text)) if text and text != "-" else None


def _unescaped(text: str) -> str:
    """Undo what servers do to quotes and bytes that are no plain letters: \\" and \\xE5."""
    if "\\" not in text:
        return text
    raw = ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], text.encode().decode("latin-1"))
    return CONTROL.sub("", raw.encode("latin-1").decode(errors="replace"))


FORM = Form(fits=fits, reader=reader, settle=settle)
FORMS = {"combined": FORM, "common": FORM}
