"""How much contact a client still has room for, as tables that gates and arbitration read (STRATEGY 5, DESK 6)."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, TypeVar

from django.db.backends.utils import CursorWrapper

from clients.market.calendar import Calendar
from clients.register import selectors as register
from clients.register.models import ProposedRule
from clients.shared import clock
from kpm.strategies import caps
from kpm.strategies.contact import HUMAN, MAY_BE_STOPPED, TASKS, one_of
from kpm.strategies.models import FamilyCap, Suppression

Rule = TypeVar("Rule", bound=ProposedRule)
TABLES = """
DROP TABLE IF EXISTS caps, family_caps, suppressions;
CREATE TEMP TABLE caps (purpose text, kind text, most int, since timestamptz, counts text[], channels text[])
ON COMMIT DROP;
CREATE TEMP TABLE family_caps (family text, purpose text, most int, since timestamptz) ON COMMIT DROP;
CREATE TEMP TABLE suppressions (response text, times int, span int, scope text, since timestamptz) ON COMMIT DROP;
"""
# An answer silences when, counted back from it, there were enough of its kind within the window of trading days.
SILENCE = """
DROP TABLE IF EXISTS silenced;
CREATE TEMP TABLE silenced ON COMMIT DROP AS
WITH answers AS (
    SELECT h.client_id, h.strategy_id, s.family, f.response, f.at, t.number FROM strategies_hitfeedback f
    JOIN strategies_hit h ON h.id = f.hit_id JOIN strategies_strategy s ON s.id = h.strategy_id
    JOIN market_tradingday t ON t.exchange_id = 'SH' AND t.day = (f.at AT TIME ZONE 'Asia/Shanghai')::date
    WHERE f.response IN (SELECT response FROM suppressions) AND h.client_id IN (SELECT client_id FROM m)),
about AS (
    SELECT a.*, p.scope, p.times, p.span, p.since,
           CASE p.scope WHEN 'strategy' THEN a.strategy_id::text WHEN 'family' THEN a.family ELSE '' END AS what
    FROM answers a JOIN suppressions p USING (response))
SELECT DISTINCT last.client_id, last.scope, last.what FROM about last JOIN about e
    ON (e.client_id, e.response, e.scope, e.times, e.what)
     = (last.client_id, last.response, last.scope, last.times, last.what)
    AND e.at <= last.at AND e.number > last.number - last.span
WHERE last.since <= last.at GROUP BY last.client_id, last.scope, last.what, last.response, last.at, last.times
HAVING count(DISTINCT e.at) >= last.times
"""
# Room = the least that any cap leaves. A task handed out and not answered yet is a contact that is still to come, from
# the moment of the task: a message that only promises one has none yet, and may never have.
ROOM = f"""
DROP TABLE IF EXISTS room;
CREATE TEMP TABLE room ON COMMIT DROP AS
SELECT k.client_id, k.purpose, k.kind, k.own, min(c.most - had.n) AS room
FROM (SELECT DISTINCT client_id, purpose, contact_kind AS kind, own FROM m
      WHERE stage = %(before)s AND stopped_by = '' AND {one_of("purpose", MAY_BE_STOPPED)} AND contact_kind <> '') k
JOIN caps c ON c.purpose = k.purpose AND c.kind = k.kind
CROSS JOIN LATERAL (SELECT
    (SELECT count(*) FROM register_touch t WHERE t.client_id = k.client_id AND t.outbound
        AND t.purpose = ANY(c.counts) AND t.channel = ANY(c.channels) AND t.started_at >= c.since)
    + (SELECT count(*) FROM strategies_hit h JOIN strategies_strategyversion v ON v.id = h.version_id
       WHERE c.kind = '{HUMAN}' AND h.client_id = k.client_id AND {one_of("v.action", TASKS)}
         AND v.purpose = ANY(c.counts) AND h.task_at >= c.since AND h.uid IS DISTINCT FROM k.own
         AND NOT EXISTS (SELECT FROM strategies_hitfeedback f WHERE f.hit_id = h.id)) AS n
) had
GROUP BY k.client_id, k.purpose, k.kind, k.own
"""


def prepare(cursor: CursorWrapper, now: datetime, cal: Calendar) -> None:
    """Write the rules in force at `now` into temporary tables."""
    cursor.execute(TABLES)
    day = clock.shanghai_day(now)
    _insert(
        cursor,
        "caps",
        [(c.purpose, c.kind, c.most, c.since, [*map(str, c.counts)], c.channels) for c in caps.in_force(now, cal)],
    )
    families = _newest(FamilyCap, day, ("family", "purpose", "window"))
    _insert(cursor, "family_caps", [(f.family, f.purpose, f.most, _since(day, f.window, cal)) for f in families])
    rules = _newest(Suppression, day, ("response", "scope", "count"))
    _insert(
        cursor,
        "suppressions",
        [(rule.response, rule.count, rule.window, rule.scope, _since(day, rule.duration, cal)) for rule in rules],
    )


def _insert(cursor: CursorWrapper, table: str, rows: Sequence[Sequence[Any]]) -> None:
    """All rows in one statement."""
    if rows:
        marks = ", ".join(f"({', '.join(['%s'] * len(row))})" for row in rows)
        cursor.execute(f"INSERT INTO {table} VALUES {marks}", [value for row in rows for value in row])


def silence(cursor: CursorWrapper, _args: dict[str, Any]) -> None:
    """Write who does not want to hear of what for now."""
    cursor.execute(SILENCE)


def rooms(cursor: CursorWrapper, args: dict[str, Any]) -> None:
    """Write how many contacts of a kind and purpose each client has room for."""
    cursor.execute(ROOM, args)
    cursor.execute("CREATE INDEX ON room (client_id); ANALYZE room")


def _since(day: date, window: int, cal: Calendar) -> datetime:
    return clock.at_shanghai(cal.window(day, window)[0], time())


def _newest(kind: type[Rule], day: date, key: tuple[str, ...]) -> Iterator[Rule]:
    """The rule of each key that began last among those in force."""
    seen = set()
    for rule in register.rules_in_force(kind, day):
        found = tuple(getattr(rule, name) for name in key)
        if found not in seen:
            seen.add(found)
            yield rule
