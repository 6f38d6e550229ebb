"""What one client did on screen, event by event, newest first: for analysts, by his number in the lake.

What could tell who he is never comes along: words that he searched for stay in the lake. Of a client who does not agree
to the analysis of his behaviour, now, nothing is shown, whatever was kept while he agreed.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from clients.behaviour import actions, answers, rollup
from clients.behaviour.lines import EPOCH, MICROSECOND
from clients.behaviour.sessions import IDLE
from clients.lake.reading import open_lake, view

ABOUT = ("symbol", "ta_code", "product_code", "article_id", "lesson", "webinar_id", "checkout_id")
READ = (
    "message_id",
    "type",
    "event",
    "happened_at",
    "channel",
    "platform",
    "device",
    "os",
    "browser",
    "context",
    "properties",
)
OBJECT = ", ".join(f"json_extract_string(properties, '$.{name}')" for name in ABOUT)
SQL = f"""
    SELECT epoch_us(happened_at), type, coalesce(event, ''), concat_ws(' ', {OBJECT}),
        coalesce(json_extract_string(context, '$.page.path'), ''),
        {rollup.DWELL},
        coalesce(platform, channel, ''), concat_ws(', ', device, os, browser),
        epoch_us(happened_at) - lag(epoch_us(happened_at)) OVER (ORDER BY happened_at, message_id) AS pause
    FROM ({actions.select(*READ)}) WHERE client_id = ? ORDER BY happened_at DESC, message_id DESC LIMIT ?
"""


@dataclass(frozen=True)
class Action:
    """One event; `begins` says that a visit begins with it."""

    at: datetime
    type: str
    event: str
    about: str
    page: str
    dwell: timedelta | None
    platform: str
    device: str
    begins: bool


def is_restricted(client_id: int) -> bool:
    """Return whether what the client did may be shown to nobody: his newest answer is no."""
    return bool(answers.refusing([client_id]))


def of_client(client_id: int, *, first: date, last: date, most: int) -> list[Action]:
    """Return the newest events of these days, at most so many; those from before he was known count as his.

    None when his history is restricted.
    """
    if is_restricted(client_id):
        return []
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    with open_lake() as con:
        for source in actions.SOURCES:
            view(con, source, days)
        return [_action(*row) for row in con.execute(SQL, [client_id, most]).fetchall()]


def _action(*row: Any) -> Action:
    at, kind, event, about, page, dwell, platform, device, pause = row
    length = None if dwell is None else timedelta(milliseconds=dwell)
    begins = pause is None or pause * MICROSECOND > IDLE
    return Action(EPOCH + at * MICROSECOND, kind, event, about, page, length, platform, device, begins)
