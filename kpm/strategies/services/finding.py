"""Matching in DuckDB and moving what was found into the record by COPY."""

import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from django.db.backends.utils import CursorWrapper

from clients.portrait import selectors as portrait
from kpm.engine.match import Broken, Member, Source, evidence_into, match_into
from kpm.engine.problem import ConditionError
from kpm.strategies.members import member_of
from kpm.strategies.models import StrategyVersion
from kpm.strategies.services.stepping import Steps

FOUND = """
CREATE TEMP TABLE found (version_id bigint, client_id bigint, object_key text, evidence jsonb,
    segment text NOT NULL DEFAULT '', prefers text) ON COMMIT DROP
"""
# What scores weigh of a client besides: his tier, and how he is best reached. NULL where the features have no such.
SEGMENT, PREFERS = "client_tier", "trait_contact_channel"


def find(
    cursor: CursorWrapper, versions: Sequence[StrategyVersion], steps: Steps, day: date, slot: str = ""
) -> list[Broken]:
    """Match all versions in one pass and fill the temporary table `found`; the broken versions.

    `slot` names features within the day; "" are those of the night.
    """
    members, broken = _members(versions)
    cursor.execute("DROP TABLE IF EXISTS found")
    cursor.execute(FOUND)
    with portrait.open_features(day, slot) as (con, relation):
        source = Source(con, relation)
        with steps.doing("match") as done:
            broken += match_into(source, members, into="hits_now")
            done.rows_in, done.rows_out = _count(source, relation), _count(source, "hits_now")
        with steps.doing("evidence") as done:
            done.rows_in = _count(source, "hits_now")
            broken += evidence_into(source, members, hits="hits_now", into="evidence_now")
            done.rows_out = _copy(cursor, source)
    return broken


def _count(source: Source, rows: str) -> int:
    return int(source.con.execute(f"SELECT count(*) FROM {rows}").fetchall()[0][0])


def _copy(cursor: CursorWrapper, source: Source) -> int:
    """Move what was found into the record; how many rows."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "found.csv"
        # A dead column value is NULL (\\N) and an empty text stays empty, on both sides.
        source.con.execute(f"COPY ({_rows(source)}) TO '{file}' (HEADER false, NULLSTR '\\N')")
        with file.open(encoding="utf-8") as rows:
            cursor.copy_expert("COPY found FROM STDIN WITH (FORMAT csv, NULL '\\N')", rows)
    cursor.execute("SELECT count(*) FROM found")
    return int(cursor.fetchone()[0])


def _rows(source: Source) -> str:
    """What was found, with the segment and the preferred channel of each client."""
    there = source.types()
    names = [f"CAST(f.{name} AS VARCHAR)" if name in there else "CAST(NULL AS VARCHAR)" for name in (SEGMENT, PREFERS)]
    return f"""SELECT e.*, coalesce({names[0]}, '') AS segment, {names[1]} AS prefers
        FROM evidence_now e JOIN {source.relation} f USING (client_id) ORDER BY 1, 2, 3"""


def _members(versions: Sequence[StrategyVersion]) -> tuple[list[Member], list[Broken]]:
    """A version whose condition no longer fits the catalogue is reported; the others go on."""
    members, broken = [], []
    for version in versions:
        try:
            members.append(member_of(version))
        except ConditionError as fault:
            broken.append(Broken(version.pk, str(fault)))
    return members, broken
