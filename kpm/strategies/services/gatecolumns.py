"""What the gates of steps 2 to 6 ask of a client and what no version decides, as one row a client beside the features.

    write_gates(day=day, now=now) -> clients

A preview reads these columns instead of the record, so it can judge a million clients while somebody types. What holds
for everybody (rules in force, whether anybody is licensed) stands in the notes of the day. `lakegates.py` states every
gate over these columns; a test holds it to `gates.py`.
"""

import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from clients.lake.publishing import write_parts, writing
from clients.lake.reading import open_lake
from clients.market.calendar import calendar
from clients.register import selectors as register
from clients.register.models import PermissionRule, SuitabilityRule
from kpm.strategies.contact import HUMAN, MAY_BE_STOPPED, PUSH, TASKS, one_of
from kpm.strategies.lakegates import TABLE
from kpm.strategies.services import limits

COLUMNS = {
    "client_id": "BIGINT", "branch_id": "BIGINT", "gone": "BOOLEAN", "not_served": "BOOLEAN", "on_hold": "BOOLEAN",
    "marketing": "BOOLEAN", "service_push": "BOOLEAN", "automated_decision": "BOOLEAN", "refused": "VARCHAR[]",
    "risk_level": "SMALLINT", "lowest": "BOOLEAN", "room_service_push": "INTEGER", "room_service_human": "INTEGER",
    "room_marketing_push": "INTEGER", "room_marketing_human": "INTEGER", "silent": "VARCHAR[]",
    "capped_service": "VARCHAR[]", "capped_marketing": "VARCHAR[]", "switched_off": "VARCHAR[]",
}  # fmt: skip
# `limits.silence` asks about the clients of the working table of a run; here these are all.
EVERYBODY = "DROP TABLE IF EXISTS m; CREATE TEMP TABLE m ON COMMIT DROP AS SELECT id AS client_id FROM register_client"
# Room as in `limits.ROOM`, for everybody at once: what a client has had, of each cap, in one pass over the contacts.
HAD = f"""
DROP TABLE IF EXISTS rooms;
CREATE TEMP TABLE rooms ON COMMIT DROP AS
WITH c AS (SELECT row_number() OVER () AS cap, * FROM caps),
had AS (
    SELECT cap, client_id, count(*) AS n FROM (
        SELECT c.cap, t.client_id FROM c JOIN register_touch t ON t.started_at >= c.since AND t.outbound
            AND t.purpose = ANY(c.counts) AND t.channel = ANY(c.channels)
        UNION ALL
        SELECT c.cap, h.client_id FROM c JOIN strategies_hit h ON c.kind = '{HUMAN}' AND h.task_at >= c.since
        JOIN strategies_strategyversion v ON v.id = h.version_id AND {one_of("v.action", TASKS)}
            AND v.purpose = ANY(c.counts)
        WHERE NOT EXISTS (SELECT FROM strategies_hitfeedback f WHERE f.hit_id = h.id)) each_one
    GROUP BY 1, 2)
SELECT k.client_id, c.purpose, c.kind, min(c.most - coalesce(had.n, 0)) AS room
FROM (SELECT DISTINCT client_id FROM had) k CROSS JOIN c
LEFT JOIN had ON had.cap = c.cap AND had.client_id = k.client_id
GROUP BY 1, 2, 3
"""
FAMILIES = """
DROP TABLE IF EXISTS capped;
CREATE TEMP TABLE capped ON COMMIT DROP AS
SELECT client_id, purpose, array_agg(DISTINCT of_family) AS families FROM (
    SELECT h.client_id, c.purpose, s.family AS of_family FROM family_caps c
    JOIN strategies_hit h ON h.delivered_at >= c.since
    JOIN strategies_strategy s ON s.id = h.strategy_id AND c.family IN ('', s.family)
    GROUP BY h.client_id, c.purpose, s.family, c.family, c.most, c.since HAVING count(*) >= c.most) reached
GROUP BY 1, 2
"""
# As `gates.NEWEST_CONSENT` and `gates.VALID_ASSESSMENT` read them, of everybody at once.
CONSENT = """(SELECT DISTINCT ON (client_id) client_id, given FROM register_consent WHERE purpose = '{purpose}'
    ORDER BY client_id, at DESC, id DESC)"""
# Stops of the company and of branches, as `gates.SWITCHED_OFF` reads them. What a stop of a product or a security means
# for a strategy shows only in what a row is about, so the preview itself asks for those (`lakegates.suspect`).
SWITCHED_OFF = """(SELECT b.id AS branch_id, to_json(array_agg(DISTINCT said.purpose)) AS purposes FROM org_branch b
    JOIN strategies_servicestop x ON x.from_at <= %(now)s AND (x.until IS NULL OR x.until > %(now)s)
        AND NOT EXISTS (SELECT FROM strategies_stoplift l WHERE l.stop_id = x.id)
    LEFT JOIN org_branch top ON top.id = x.branch_id
    CROSS JOIN unnest(CASE x.purposes WHEN 'both' THEN ARRAY['marketing', 'service'] ELSE ARRAY['marketing'] END)
        AS said(purpose)
    WHERE x.scope = 'company' OR x.scope = 'branch' AND starts_with(b.path, top.path) GROUP BY 1)"""
ROWS = f"""
SELECT c.id, c.branch_id,
    c.status = 'closed' OR coalesce(hold.deceased, false),
    coalesce(c.birth_date > %(day)s - interval '18 years', false) OR own.client_no IS NOT NULL
        OR frozen.client_id IS NOT NULL,
    coalesce(hold.on_hold, false), marketing.given, push.given, automated.given, wishes.refused,
    CASE WHEN a.valid_to >= %(day)s THEN a.level END, CASE WHEN a.valid_to >= %(day)s THEN a.lowest END,
    {{rooms}}, quiet.what, service_caps.families, marketing_caps.families, off.purposes
FROM register_client c
LEFT JOIN (SELECT client_id, bool_or(kind = 'deceased') AS deceased,
        bool_or(kind IN ('complaint', 'legal', 'dnc') AND (until IS NULL OR until > %(now)s)) AS on_hold
    FROM register_contacthold GROUP BY 1) hold ON hold.client_id = c.id
LEFT JOIN (SELECT DISTINCT own_client_no AS client_no FROM org_staff WHERE own_client_no <> '') own
    ON own.client_no = c.client_no
LEFT JOIN (SELECT DISTINCT client_id FROM register_account WHERE kind = 'fund' AND main
    AND status IN ('frozen', 'closed')) frozen ON frozen.client_id = c.id
LEFT JOIN {CONSENT.format(purpose="marketing")} marketing ON marketing.client_id = c.id
LEFT JOIN {CONSENT.format(purpose="service_push")} push ON push.client_id = c.id
LEFT JOIN {CONSENT.format(purpose="automated_decision")} automated ON automated.client_id = c.id
LEFT JOIN (SELECT client_id, to_json(array_agg(channel ORDER BY channel)) AS refused FROM register_contactpreference
    WHERE NOT allowed GROUP BY 1) wishes ON wishes.client_id = c.id
LEFT JOIN (SELECT DISTINCT ON (client_id) * FROM register_riskassessment WHERE assessed_on <= %(day)s
    ORDER BY client_id, assessed_on DESC, id DESC) a ON a.client_id = c.id
{{joins}}
LEFT JOIN (SELECT client_id, to_json(array_agg(DISTINCT scope || ':' || what)) AS what FROM silenced GROUP BY 1) quiet
    ON quiet.client_id = c.id
LEFT JOIN (SELECT client_id, to_json(families) AS families FROM capped WHERE purpose = 'service') service_caps
    ON service_caps.client_id = c.id
LEFT JOIN (SELECT client_id, to_json(families) AS families FROM capped WHERE purpose = 'marketing') marketing_caps
    ON marketing_caps.client_id = c.id
LEFT JOIN {SWITCHED_OFF} off ON off.branch_id = c.branch_id
"""
ROOM = "coalesce({name}.room, (SELECT min(most) FROM caps WHERE purpose = '{purpose}' AND kind = '{kind}'))"
ROOM_JOIN = """LEFT JOIN rooms {name} ON {name}.client_id = c.id AND {name}.purpose = '{purpose}'
    AND {name}.kind = '{kind}'"""
LICENSED = """SELECT EXISTS (SELECT FROM org_licence l JOIN org_staff s ON s.id = l.staff_id WHERE l.kind = 'adviser'
    AND s.left_on IS NULL AND l.valid_from <= %(day)s AND (l.valid_to IS NULL OR l.valid_to >= %(day)s))"""
PAIRS = [(str(purpose), kind) for purpose in MAY_BE_STOPPED for kind in (PUSH, HUMAN)]


def write_gates(*, day: date, now: datetime) -> int:
    """This will publish what the gates ask of every client for `day`, as it stands at `now`; the number of clients.

    The clients come from the record, in the same buckets as the features.
    """
    with tempfile.TemporaryDirectory() as folder, open_lake() as con:
        file = Path(folder) / "gates.csv"
        notes = _fetch(file, {"day": day, "now": now})
        con.execute(f"CREATE TEMP TABLE gate_rows AS SELECT {_read()} FROM read_csv('{file}', {_layout()})")
        with writing(TABLE, day) as draft:
            write_parts(con, draft, "gate_rows", COLUMNS, order="client_id")
            draft.notes = notes
        return int(con.execute("SELECT count(*) FROM gate_rows").fetchall()[0][0])


def _layout() -> str:
    columns = ", ".join(f"'{name}': '{_plain(kind)}'" for name, kind in COLUMNS.items())
    options = "header = false, nullstr = '\\N', auto_detect = false, delim = ',', quote = '\"', escape = '\"'"
    return f"{options}, columns = {{{columns}}}"


def _plain(kind: str) -> str:
    """Lists come as JSON."""
    return "VARCHAR" if kind.endswith("[]") else kind


def _read() -> str:
    return ", ".join(
        f"CAST(CAST({name} AS JSON) AS {kind}) AS {name}" if kind.endswith("[]") else name
        for name, kind in COLUMNS.items()
    )


def _fetch(file: Path, args: dict[str, Any]) -> dict[str, Any]:
    """Write the rows of everybody to a file; what holds for all of them."""
    with transaction.atomic(), connection.cursor() as cursor:
        limits.prepare(cursor, args["now"], calendar())
        cursor.execute(EVERYBODY)
        limits.silence(cursor, args)
        cursor.execute(HAD)
        cursor.execute(FAMILIES)
        with file.open("w", encoding="utf-8") as out:
            rows = cursor.mogrify(_rows(), args).decode()  # type: ignore[attr-defined]
            cursor.copy_expert(f"COPY ({rows}) TO STDOUT WITH (FORMAT csv, NULL '\\N')", out)  # type: ignore[attr-defined]
        notes = _notes(cursor, args)
        cursor.execute("DROP TABLE m, rooms, capped")
    return notes


def _rows() -> str:
    named = [{"name": f"{purpose}_{kind}", "purpose": purpose, "kind": kind} for purpose, kind in PAIRS]
    rooms = ", ".join(ROOM.format(**pair) for pair in named)
    return ROWS.format(rooms=rooms, joins="\n".join(ROOM_JOIN.format(**pair) for pair in named))


def _notes(cursor: CursorWrapper, args: dict[str, Any]) -> dict[str, Any]:
    """Rules as they are in force on the day, and families that nothing may be said about."""
    cursor.execute(LICENSED, args)
    licensed = bool(cursor.fetchone()[0])
    cursor.execute("SELECT DISTINCT purpose, family FROM family_caps WHERE most = 0 ORDER BY 1, 2")
    closed = [list(row) for row in cursor.fetchall()]
    cells: dict[tuple[str, int], str] = {}
    for cell in register.rules_in_force(SuitabilityRule, args["day"]):
        cells.setdefault((cell.client_class, cell.product_level), cell.outcome)
    levels: dict[str, int | None] = {}
    for rule in register.rules_in_force(PermissionRule, args["day"]):
        levels.setdefault(rule.code, rule.min_level)
    fitting = sorted([level, of] for (of, level), outcome in cells.items() if outcome == SuitabilityRule.Outcome.MATCH)
    return {
        "now": args["now"].isoformat(), "licensed": licensed, "closed": closed, "fitting": fitting,
        "permissions": levels,
    }  # fmt: skip
