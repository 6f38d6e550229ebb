"""What only the record can tell about staged lines: unknown clients, closed days, conflicts, chains, repeated keys.

Everything is set-based. One pass over all lines finds the suspects; only for them every check is asked by itself.
"""

from collections.abc import Sequence

from django.db import connection

from clients.intake.checks import SHOWN, Check
from clients.intake.screening import group_sql
from clients.intake.staging import Staging

REPEATED = "the same key as in line {}: the first line stands, this one is left out"


def judge(staging: Staging, repeated: Sequence[int]) -> None:
    """This will note everything in the record that speaks against a staged line; `repeated` may stand twice."""
    _repeated(staging, repeated)
    _checked(staging)
    for query in staging.kind.queries:
        found = f"SELECT line, shown::text FROM ({query.sql}) AS q(line, shown)"
        _insert(staging, query.code, query.column, query.message, found)
    staging.reject(staging.kind.compare(staging))
    if staging.kind.group:
        _whole_days(staging)


def _repeated(staging: Staging, lines: Sequence[int]) -> None:
    """Compare keys exactly where a hash was the same; where `fill` derives part of a key, compare all."""
    derived = any(column.key and column.derived for column in staging.kind.columns)
    if not (lines or derived):
        return
    only = "" if derived else f"WHERE line = ANY(ARRAY[{', '.join(map(str, lines))}]::bigint[])"
    key = ", ".join(f'"{name}"' for name in staging.kind.key)
    found = (
        f"SELECT line, first::text FROM (SELECT line, min(line) OVER (PARTITION BY {key}) AS first "
        f"FROM intake_stage {only}) x WHERE line > first"
    )
    _insert(staging, "E_DUP_IN_FILE", "", REPEATED, found)


def _checked(staging: Staging) -> None:
    checks = staging.kind.record_checks
    if not checks:
        return
    joined = f"FROM intake_stage s {staging.kind.joins}"
    wrong = " OR ".join(f"({check.when})" for check in checks)
    staging.run("DROP TABLE IF EXISTS pg_temp.intake_suspect")
    if staging.run(f"CREATE TEMPORARY TABLE intake_suspect AS SELECT DISTINCT s.line {joined} WHERE {wrong}"):
        staging.run("ANALYZE intake_suspect")
        suspects = f"FROM intake_stage s JOIN intake_suspect x ON x.line = s.line {staging.kind.joins}"
        for check in checks:
            _one(staging, check, suspects)
    staging.run("DROP TABLE intake_suspect")


def _one(staging: Staging, check: Check, suspects: str) -> None:
    found = f"SELECT DISTINCT s.line, ({check.shows})::text {suspects} WHERE {check.when}"
    _insert(staging, check.code, check.column, check.message, found)


def _insert(staging: Staging, code: str, column: str, message: str, found: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO intake_bad (line, code, col, message) SELECT line, %s, NULLIF(%s, ''), "
            f"replace(%s, '{{}}', left(coalesce(shown, ''), {SHOWN})) "
            f"FROM ({staging.filled(found).replace('%', '%%')}) AS found(line, shown)",
            [code, column, message],
        )


def _whole_days(staging: Staging) -> None:
    """An account's day with one rejected line stays as it was: its other lines are rejected with the same code.

    A line that cannot even say whose it is may belong to the account of the line before or after it.
    """
    if not staging.rows("SELECT FROM intake_bad LIMIT 1"):
        return
    group = group_sql(staging.kind.group, "s.")
    staging.run("CREATE INDEX IF NOT EXISTS intake_stage_line ON intake_stage (line); ANALYZE intake_stage")
    near = " UNION ALL ".join(
        f"(SELECT {group} AS grp FROM intake_stage s WHERE s.line {sign} o.line ORDER BY s.line {order} LIMIT 1)"
        for sign, order in (("<", "DESC"), (">", "ASC"))
    )
    staging.run(
        f"""
        WITH own AS (
            SELECT b.line, b.code, coalesce(b.grp, {group}) AS grp
            FROM intake_bad b LEFT JOIN intake_stage s ON s.line = b.line
        ), spoiled AS (
            SELECT DISTINCT ON (grp) grp, line, code FROM (
                SELECT line, code, grp FROM own WHERE grp IS NOT NULL
                UNION ALL
                SELECT o.line, o.code, n.grp FROM own o CROSS JOIN LATERAL ({near}) n WHERE o.grp IS NULL
            ) every ORDER BY grp, line
        )
        INSERT INTO intake_bad (line, code, message)
        SELECT s.line, p.code,
            'line ' || p.line || ' of the same account and day was rejected: that day stays as it was'
        FROM intake_good s JOIN spoiled p ON p.grp = {group}
        """
    )
