"""Segments of many events, as the collector writes them, and what it costs to take them into the lake.

Half of the events are of clients with a session, the rest of visitors; each person uses one browser. Days follow each
other, as many events in each.
"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
from django.db import connection

from bench import cpu
from bench.importing import CLIENTS_SQL, MASTER
from bench.result import NotMeasured
from portal.collect import compaction

FIRST = date(2026, 10, 26)
PERSONS, PIECES = 20_000, 8  # people who do something, and segments of a day
LINE = """
    SELECT format('{{"r":{},"k":1,"p":"web","o":1,"t":"track","c":{},"n":null,"f":0,"i":"203.0.113.7","u":"{}",'
        || '"s":"{}","e":{{"messageId":"{:032x}","type":"track","event":"stock_viewed",'
        || '"anonymousId":"{:032x}","timestamp":"{}",'
        || '"context":{{"channel":"web","page":{{"path":"/holdings/"}},"screen":{{"width":390,"height":844}}}},'
        || '"properties":{{"symbol":"{}.SH","dwell_ms":{},"view":"{:032x}"}}}}}}',
        epoch_us(moment) + 1000000,
        CASE WHEN person < $persons // 2 THEN ($first_client + person)::VARCHAR ELSE 'null' END,
        $agent, said, number, person, said, 600000 + number % 900, number % 60000, number) AS line
    FROM (SELECT n AS number, n * 7919 % $persons AS person, strftime(moment, '%Y-%m-%dT%H:%M:%S.000Z') AS said, moment
        FROM (SELECT range AS n, $began + to_microseconds((range % 1000003) * 80000) AS moment FROM range($from, $to)))
"""
CONSENTS_SQL = """
    INSERT INTO register_consent (client_id, purpose, version, at, given, channel, arrived_at)
    SELECT id, 'behaviour', '1', '2026-01-01', true, 'web', now() FROM register_client
"""
AGENT = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148"


def people() -> int:
    """This will make as many clients as there are people, all of whom agree to it; the surrogate id of the first."""
    with connection.cursor() as cursor:
        cursor.execute(MASTER)
        cursor.execute(CLIENTS_SQL, {"last": PERSONS - 1})
        cursor.execute(CONSENTS_SQL)
        cursor.execute("SELECT min(id) FROM register_client")
        return int(cursor.fetchone()[0])


def write(folder: Path, *, day: date, number: int, events: int, first_client: int) -> None:
    """Write the segments of a day whose events have the numbers from `number` on."""
    folder.mkdir(parents=True, exist_ok=True)
    began = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
    each = -(-events // PIECES)
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        for start in range(number, number + events, each):
            file = folder / f"{start:020d}-1.closed"
            con.execute(
                f"COPY ({LINE}) TO '{file}' (FORMAT csv, HEADER false, DELIMITER '\x01', QUOTE '', ESCAPE '')",
                {"persons": PERSONS, "first_client": first_client, "agent": AGENT, "began": began.replace(tzinfo=None),
                 "from": start, "to": min(start + each, number + events)},
            )  # fmt: skip


def days(folder: Path, *, many: int, events: int, postmaster: int) -> list[float]:
    """Return the CPU seconds, of this process and the database, that each day's compaction took. Raises NotMeasured."""
    first_client, found = people(), []
    for n in range(many):
        day = FIRST + timedelta(days=n)
        write(folder, day=day, number=n * events, events=events, first_client=first_client)
        now = datetime(day.year, day.month, day.day, 16, tzinfo=UTC) + timedelta(days=1)
        with cpu.spent(postmaster) as spent:
            done = compaction.compact(now=now)
        if done is None or done.events != events:
            raise NotMeasured(f"{events} events of {day} were to be taken in, and were not: {done}")
        found.append(spent.total)
    return found
