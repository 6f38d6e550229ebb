"""Who is served when there are more hits than a client should get or people can take (STRATEGY 6).

Regulatory and risk hits, and what was delivered today already, come first and are never dropped. Of the rest the best
hit of each family and client competes: in rounds each client proposes his best hits within his caps, each person and
pool keeps the best within capacity, what is refused leaves, until nobody is refused. As all rank by one score this
equals taking hits one by one from the best.

It runs twice: with the held-out, which says who would have won (`would_win`: only they are compared later), and
without them, so that the slots they leave are filled (`refill`).
"""

from typing import Any

from django.db.backends.utils import CursorWrapper

from clients.org.pools import PERSON, person_sql
from clients.shared.advisory import Space
from kpm.strategies.contact import NEVER_STOPPED, Action, one_of, wait_sql
from kpm.strategies.models import Stage

ROUNDS = 200  # each one refuses somebody, so it ends long before; a loop in a database has an end of its own
# A message whose call comes on a later day takes nobody's time on this one.
IN_TIME = f"({{0}}.action <> '{Action.PUSH_THEN_TASK}' OR %(now)s + {wait_sql('{0}')} < %(work_ends)s)"
# Among equals the lot decides: the same for the same hit whenever the day is run, and fair over clients.
LOT = "md5(concat_ws(' ', strategy_id, client_id, occurrence))"
# Candidates: hits that passed every gate so far, and those that only the draw held back; of a version that waits for a
# person (`held`) none.
RING = f"""
CREATE TEMP TABLE ring ON COMMIT DROP AS
SELECT uid, client_id, purpose, family, contact_kind, score, first_day, delivered, {LOT} AS lot,
       CASE WHEN {IN_TIME.format("m")} THEN pool ELSE '' END AS pool,
       CASE WHEN {IN_TIME.format("m")} THEN person END AS person,
       {one_of("purpose", NEVER_STOPPED)} OR delivered AS must, stopped_by <> '' AS held,
       md5(concat_ws(' ', salt, %(day)s, client_id, occurrence)) AS drawn, NULL::float AS propensity,
       'open'::text AS state, ''::text AS refused_by, NULL::uuid AS lost_to, false AS would_win
FROM m WHERE (stage = %(under_cap)s AND stopped_by IN ('', 'holdout_strategy') OR stage = %(free)s AND stopped_by = '')
    AND (delivered OR version_id NOT IN (SELECT version_id FROM held))
"""
START = """
UPDATE ring SET lost_to = NULL, refused_by = '',
    state = CASE WHEN held AND NOT %(with_held)s THEN 'out' WHEN must THEN 'won' ELSE 'open'
END"""
FAMILIES = """
UPDATE ring SET state = 'lost', lost_to = f.best FROM (
    SELECT uid, first_value(uid) OVER w AS best, row_number() OVER w AS n FROM ring WHERE state <> 'out'
    WINDOW w AS (PARTITION BY client_id, family ORDER BY must DESC, score DESC, first_day, lot, uid)) f
WHERE f.uid = ring.uid AND f.n > 1 AND ring.state = 'open'
"""
# What is left of caps and capacity when the hits that are never dropped have taken theirs. A budget knows the open work
# from the data before its day's: what was found since (last night, and today) has taken its slot, and so have the calls
# that messages promised for this day, be they made already or still to come. A promise whose time is over without a
# task came to nothing, and work that was done before this day began took its slot on the day before.
DUE = f"h.delivered_at + {wait_sql('v')}"
GIVEN = f"""
SELECT h.pool, h.person FROM strategies_hit h JOIN strategies_strategyversion v ON v.id = h.version_id
WHERE h.stage >= %(capacity)s AND h.pool <> '' AND CASE
    WHEN h.delivered_at IS NULL THEN h.last_day >= %(work_from)s AND h.stopped_by = ''
        AND h.uid NOT IN (SELECT uid FROM ring)
        AND {IN_TIME.format("v")}
    WHEN v.action = '{Action.PUSH_THEN_TASK}' AND h.task_at IS NULL THEN
        {DUE} > %(now)s AND {DUE} >= %(work_begins)s AND {DUE} < %(work_ends)s
    ELSE h.task_at >= %(work_begins)s OR h.last_day >= %(work_from)s AND NOT EXISTS (
        SELECT FROM strategies_hitfeedback f WHERE f.hit_id = h.id AND f.at < %(work_begins)s) END
"""
LEFT = f"""
CREATE TEMP TABLE caps_left ON COMMIT DROP AS
SELECT r.client_id, r.purpose, r.kind, r.room - coalesce(taken.n, 0) AS room FROM room r
LEFT JOIN (SELECT client_id, contact_kind, count(*) AS n FROM ring WHERE must AND NOT delivered GROUP BY 1, 2) taken
  ON taken.client_id = r.client_id AND taken.contact_kind = r.kind;
CREATE TEMP TABLE slots_left ON COMMIT DROP AS
WITH given AS ({GIVEN}
    UNION ALL SELECT pool, person FROM ring WHERE must AND NOT delivered AND pool <> ''),
taken AS (SELECT pool AS name FROM given UNION ALL SELECT {person_sql("person")} FROM given WHERE person IS NOT NULL)
SELECT pool, capacity, free - reserve AS room, reserve FROM (
    SELECT *, CASE WHEN pool LIKE '{PERSON}%%' THEN 0
        ELSE greatest(least(floor(capacity * %(explored)s)::int, free), 0) END AS reserve
    FROM (SELECT b.pool, b.capacity, b.capacity - count(t.name) AS free
        FROM strategies_capacitybudget b LEFT JOIN taken t ON t.name = b.pool
        WHERE b.day = %(work_day)s GROUP BY b.pool, b.capacity) counted) reserved
"""
ROUND = f"""
WITH proposed AS (
    SELECT o.* FROM (
        SELECT uid, client_id, purpose, contact_kind, pool, person, score, first_day, lot, row_number() OVER (
            PARTITION BY client_id, purpose, contact_kind ORDER BY score DESC, first_day, lot, uid) AS n
        FROM ring WHERE state = 'open') o
    LEFT JOIN caps_left c ON (c.client_id, c.purpose, c.kind) = (o.client_id, o.purpose, o.contact_kind)
    WHERE c.room IS NULL OR o.n <= c.room),
for_person AS (
    SELECT p.*, s.room AS own_room, row_number() OVER (
        PARTITION BY p.person ORDER BY p.score DESC, p.first_day, p.lot, p.uid) AS at_person
    FROM proposed p LEFT JOIN slots_left s ON s.pool = {person_sql("p.person")} WHERE p.pool <> ''),
for_pool AS (
    SELECT f.uid, f.pool, s.room AS pool_room, row_number() OVER (
        PARTITION BY f.pool ORDER BY f.score DESC, f.first_day, f.lot, f.uid) AS at_pool
    FROM for_person f LEFT JOIN slots_left s ON s.pool = f.pool WHERE f.own_room IS NULL OR f.at_person <= f.own_room),
refused AS (
    SELECT uid, {person_sql("person")} AS by FROM for_person WHERE at_person > own_room
    UNION ALL SELECT uid, pool FROM for_pool WHERE at_pool > pool_room)
UPDATE ring SET state = 'refused', refused_by = refused.by FROM refused WHERE refused.uid = ring.uid
"""
# The last of the client's hits that was still within his caps is the one that the others lost to.
FINISH = """
WITH placed AS (
    SELECT uid, client_id, purpose, contact_kind, row_number() OVER (
        PARTITION BY client_id, purpose, contact_kind ORDER BY score DESC, first_day, lot, uid) AS n
    FROM ring WHERE state = 'open'),
judged AS (
    SELECT p.*, c.room IS NULL OR p.n <= c.room AS wins FROM placed p
    LEFT JOIN caps_left c ON (c.client_id, c.purpose, c.kind) = (p.client_id, p.purpose, p.contact_kind)),
winners AS (
    SELECT DISTINCT ON (client_id, purpose, contact_kind) client_id, purpose, contact_kind, uid FROM judged
    WHERE wins ORDER BY client_id, purpose, contact_kind, n DESC)
UPDATE ring SET state = CASE WHEN j.wins THEN 'won' ELSE 'lost' END, lost_to = CASE WHEN j.wins THEN NULL ELSE w.uid END
FROM judged j LEFT JOIN winners w USING (client_id, purpose, contact_kind) WHERE j.uid = ring.uid
"""
WOULD_WIN = "UPDATE ring SET would_win = state = 'won'"
# A few slots of a pool go to hits that capacity refused, so that the rates of what always loses are learned too: drawn
# with a chance that grows with the root of the score, the same for the same day and salt. What the person can take
# and the client's caps hold; whoever is contacted in the same way already is not drawn. The chance is that of being
# among so many draws with replacement, which is close where many are refused.
EXPLORE = f"""
WITH eligible AS (
    SELECT uid, client_id, pool, person, sqrt(score) AS weight,
        -ln(((('x' || substr(drawn, 1, 8))::bit(32)::bigint) + 0.5) / 4294967296) / sqrt(score) AS place
    FROM ring r WHERE state = 'refused' AND NOT held AND NOT must AND score > 0 AND NOT EXISTS (
        SELECT FROM ring o WHERE o.client_id = r.client_id AND o.contact_kind = r.contact_kind AND o.state = 'won')),
of_client AS (SELECT *, row_number() OVER (PARTITION BY client_id ORDER BY place, uid) AS n FROM eligible),
busy AS (SELECT person, count(*) AS n FROM ring WHERE state = 'won' AND NOT must GROUP BY person),
of_person AS (
    SELECT c.*, s.room - coalesce(b.n, 0) AS own_room,
        row_number() OVER (PARTITION BY c.person ORDER BY c.place, c.uid) AS at_person
    FROM of_client c LEFT JOIN slots_left s ON s.pool = {person_sql("c.person")} LEFT JOIN busy b ON b.person = c.person
    WHERE c.n = 1),
of_pool AS (
    SELECT p.uid, s.reserve, p.weight / sum(p.weight) OVER (PARTITION BY p.pool) AS share,
        row_number() OVER (PARTITION BY p.pool ORDER BY p.place, p.uid) AS at_pool
    FROM of_person p JOIN slots_left s ON s.pool = p.pool WHERE p.own_room IS NULL OR p.at_person <= p.own_room)
UPDATE ring SET state = 'won', refused_by = '', propensity = 1 - power(greatest(1 - o.share, 0), o.reserve)
FROM of_pool o WHERE o.uid = ring.uid AND o.at_pool <= o.reserve
"""
ANSWER = f"""
WITH took AS (
    SELECT name, min(score) AS last FROM (
        SELECT pool AS name, score FROM ring WHERE state = 'won' AND propensity IS NULL
        UNION ALL SELECT {person_sql("person")}, score FROM ring WHERE state = 'won' AND propensity IS NULL) winners
    GROUP BY name),
full_ones AS MATERIALIZED (
    SELECT s.pool, jsonb_build_object('pool', s.pool, 'capacity', s.capacity, 'last', t.last) AS said
    FROM slots_left s LEFT JOIN took t ON t.name = s.pool)
UPDATE m SET verdict = r.state, lost_to = r.lost_to, would_win = r.would_win, rank = r.place,
    refill = r.state = 'won' AND NOT r.would_win AND r.propensity IS NULL, propensity = r.propensity,
    refusal = CASE WHEN r.state = 'refused' THEN f.said END
FROM (SELECT uid, state, lost_to, would_win, propensity, refused_by,
          CASE WHEN state = 'won' AND pool <> '' THEN row_number() OVER (
          PARTITION BY pool, state ORDER BY must DESC, score DESC, first_day, lot, uid) END AS place FROM ring) r
LEFT JOIN full_ones f ON f.pool = r.refused_by
WHERE r.uid = m.uid
"""


def arbitrate(cursor: CursorWrapper, args: dict[str, Any]) -> int:
    """This will write who wins and why the others do not into `m`; the rounds it took.

    That is verdict (won, lost, refused), lost_to, refusal, would_win, refill, propensity, and rank.
    """
    # Slots of one day may overlap: the second waits here for the first to publish, and sees which places are taken.
    cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [Space.WORK_DAY, str(args["work_day"])])
    cursor.execute("DROP TABLE IF EXISTS ring, caps_left, slots_left")
    cursor.execute(RING, {**args, "under_cap": Stage.UNDER_CAP, "free": Stage.NOT_HELD_OUT})
    cursor.execute("ANALYZE ring")
    rounds = _contest(cursor, {**args, "with_held": True})
    cursor.execute(WOULD_WIN)
    cursor.execute("SELECT 1 FROM ring WHERE held LIMIT 1")
    if cursor.fetchone():
        rounds += _contest(cursor, {**args, "with_held": False})
    # The table was counted while every hit was open: by that, hardly anybody is refused or has won, and the database
    # would compare each of many hits with each.
    cursor.execute("ANALYZE ring, slots_left")
    cursor.execute(EXPLORE)
    cursor.execute(ANSWER)
    return rounds


def _contest(cursor: CursorWrapper, args: dict[str, Any]) -> int:
    cursor.execute("DROP TABLE IF EXISTS caps_left, slots_left")
    cursor.execute(START, args)
    cursor.execute(LEFT, {**args, "capacity": Stage.WITHIN_CAPACITY})
    cursor.execute(FAMILIES)
    for number in range(1, ROUNDS + 1):
        cursor.execute(ROUND)
        if not cursor.rowcount:
            cursor.execute(FINISH)
            return number
    raise NoEnd(f"Arbitration did not end after {ROUNDS} rounds; nothing of this run is published.")


class NoEnd(Exception):
    """The rounds of arbitration went on and on, which their rule does not allow."""
