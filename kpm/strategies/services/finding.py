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

FOUND = """
CREATE TEMP TABLE found (version_id bigint, client_id bigint, object_key text, evidence jsonb) ON COMMIT DROP
"""


def find(
    cursor: CursorWrapper, versions: Sequence[StrategyVersion], day: date, slot: str = ""
) -> tuple[int, list[Broken]]:
    """Match all versions in one pass and fill the temporary table `found`; the rows found and the broken versions.

    `slot` names features within the day; "" are those of the night.
    """
    members, broken = _members(versions)
    cursor.execute("DROP TABLE IF EXISTS found")
    cursor.execute(FOUND)
    with portrait.open_features(day, slot) as (con, relation):
        source = Source(con, relation)
        broken += match_into(source, members, into="hits_now")
        broken += evidence_into(source, members, hits="hits_now", into="evidence_now")
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "found.csv"
            # A dead column value is NULL (\\N) and an empty text stays empty, on both sides.
            con.execute(f"COPY (SELECT * FROM evidence_now ORDER BY 1, 2, 3) TO '{file}' (HEADER false, NULLSTR '\\N')")
            with file.open(encoding="utf-8") as rows:
                cursor.copy_expert("COPY found FROM STDIN WITH (FORMAT csv, NULL '\\N')", rows)
    cursor.execute("SELECT count(*) FROM found")
    return cursor.fetchone()[0], broken


def _members(versions: Sequence[StrategyVersion]) -> tuple[list[Member], list[Broken]]:
    """A version whose condition no longer fits the catalogue is reported; the others go on."""
    members, broken = [], []
    for version in versions:
        try:
            members.append(member_of(version))
        except ConditionError as fault:
            broken.append(Broken(version.pk, str(fault)))
    return members, broken
