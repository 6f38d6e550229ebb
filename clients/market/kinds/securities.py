"""The securities master: one line per name a security bears; the newest line is its present state.

Type and board are derived from the prefix table where the file does not name them, an empty `name_from` from the
first trading day known; prefixes only warn where the file does name them.
"""

from collections.abc import Iterator

from clients.intake.checks import Check, Problem
from clients.intake.merging import State, begin_changes, changed_lines
from clients.intake.registry import Kind, Merge, Note, Row
from clients.intake.shapes import shape
from clients.market.kinds import joins
from clients.market.models import Security, SecurityName
from clients.shared.pinyin import initials

COLUMNS = shape(
    f"""
    **exchange**:{joins.EXCHANGES} **code**:s12* **name_from**:d~ name:s60* short_pinyin:s20~
    type:e~(stock, etf, lof, reit, bond, cb, repo, index, option, fund) board:e~(main, star, gem, bse, b, neeq)
    status:e*(listed, suspended, delisting, delisted) list_date:d delist_date:d lot:i*(>0) tick:p*(>0) unit:i(>0)
    t_plus:i*(0..9) currency:s3* risk_flag:e*(none, st, star_st, delisting) margin_flag:b short_flag:b
    collateral_ratio:r(0..1) connect_flag:b industry:s60 total_shares:q(0..) float_shares:q(0..) fullname:s200
    area:s40 former_names:s
    """
)
SAME = """
    name short_pinyin type board status list_date delist_date lot tick unit t_plus currency risk_flag margin_flag
    short_flag collateral_ratio connect_flag industry total_shares float_shares fullname area
"""
MASTER = State(Security, key={"exchange": "s.exchange", "code": "s.code"}, same=SAME)
NAME = State(SecurityName, key={"security": "k.id", "valid_from": "s.name_from"}, same="name short_pinyin")
# The prefix that fits a code best is the longest one.
PREFIX = """
    DROP TABLE IF EXISTS pg_temp.intake_prefix;
    CREATE TEMPORARY TABLE intake_prefix AS SELECT DISTINCT ON (s.exchange, s.code) s.exchange, s.code, p.type, p.board
    FROM intake_stage s JOIN market_boardprefix p ON p.exchange_id = s.exchange AND starts_with(s.code, p.prefix)
    ORDER BY s.exchange, s.code, length(p.prefix) DESC;
    ANALYZE intake_prefix
"""
# The newest line of each security, unless the record knows a newer name: then all its lines are history.
NEWEST = """
    (SELECT DISTINCT ON (exchange, code) * FROM intake_good
     ORDER BY exchange, code, name_from DESC NULLS LAST, line DESC) s
    WHERE NOT EXISTS (
        SELECT FROM market_securityname n JOIN market_security k ON k.id = n.security_id
        WHERE k.exchange_id = s.exchange AND k.code = s.code AND n.valid_from > s.name_from)
"""
KNOWN = "JOIN market_security k ON k.exchange_id = s.exchange AND k.code = s.code"
FORMER = f"""
    SELECT s.line, k.id AS security_id, trim(former) AS name
    FROM intake_good s {KNOWN} CROSS JOIN unnest(string_to_array(s.former_names, '|')) AS former
    WHERE trim(former) <> '' AND NOT EXISTS (
        SELECT FROM market_securityname n WHERE n.security_id = k.id AND n.name = trim(former))
"""
PERIODS = f"""
    UPDATE market_securityname n SET valid_to = x.until
    FROM (SELECT n.id, lead(n.valid_from) OVER (PARTITION BY n.security_id ORDER BY n.valid_from) - 1 AS until
          FROM market_securityname n WHERE n.valid_from IS NOT NULL
          AND n.security_id IN (SELECT k.id FROM intake_good s {KNOWN})) x
    WHERE n.id = x.id AND n.valid_to IS DISTINCT FROM x.until
"""
CHECKS = (
    *joins.code_checks(),
    joins.CURRENCY,
    Check("E_ORDER", "delist_date", "delist_date < list_date", "{} lies before the day of listing", "delist_date"),
    Check(
        "E_RANGE",
        "former_names",
        "list_max(list_transform(string_split(former_names, '|'), lambda x: length(trim(x)))) > 60",
        "one of these names is longer than 60 characters: write | between names",
    ),
)
RECORD_CHECKS = (
    Check("E_REQUIRED", "type", "s.type IS NULL", "no prefix tells what {} is: give the type", "s.code"),
    Check(
        "E_REQUIRED",
        "board",
        "s.type = 'stock' AND s.board IS NULL",
        "a stock needs a board, and no prefix tells that of {}",
        "s.code",
    ),
)


def prepare(rows: list[Row], note: Note) -> Iterator[Problem]:
    """Fill the short pinyin that the file does not give: the initials of the name, as terminals show them."""
    for row in rows:
        if not row["short_pinyin"]:
            row["short_pinyin"] = initials(row["name"])[:20]
    return iter(())


def fill(merge: Merge) -> None:
    """Derive type, board and the day from which a name holds."""
    merge.run(PREFIX)
    merge.note(
        "type or board derived from the prefix of the code",
        merge.run(
            "UPDATE intake_stage s SET type = coalesce(s.type, p.type), "
            "board = CASE WHEN coalesce(s.type, 'stock') = 'stock' THEN coalesce(s.board, NULLIF(p.board, '')) "
            "ELSE s.board END FROM intake_prefix p WHERE p.exchange = s.exchange AND p.code = s.code "
            "AND (s.type IS NULL OR (s.type = 'stock' AND s.board IS NULL))"
        ),
    )
    merge.note(
        "name_from derived from the first trading day known",
        merge.run(
            "UPDATE intake_stage s SET name_from = coalesce(s.list_date, b.first) FROM intake_stage o "
            "LEFT JOIN LATERAL (SELECT min(b.day) AS first FROM market_dailybar b JOIN market_security k "
            "ON k.id = b.security_id WHERE k.exchange_id = o.exchange AND k.code = o.code) b ON o.list_date IS NULL "
            "WHERE o.line = s.line AND s.name_from IS NULL AND coalesce(s.list_date, b.first) IS NOT NULL"
        ),
    )


def write(merge: Merge) -> int:
    """Bring the master up to date, then the names and the days to which they held."""
    begin_changes(merge)
    MASTER.write(merge, NEWEST)
    NAME.write(merge, f"intake_good s {KNOWN} WHERE s.name_from IS NOT NULL")
    _undated(merge)
    merge.run(PERIODS)
    _warn(merge)
    return changed_lines(merge)


def _undated(merge: Merge) -> None:
    """Names without a day: known once, and forgotten when a dated line of the same name comes."""
    merge.run(
        "DELETE FROM market_securityname n USING market_securityname d WHERE n.valid_from IS NULL "
        "AND d.valid_from IS NOT NULL AND d.security_id = n.security_id AND d.name = n.name"
    )
    current = (
        f"SELECT s.line, k.id AS security_id, s.name FROM intake_good s {KNOWN} WHERE s.name_from IS NULL AND NOT "
        "EXISTS (SELECT FROM market_securityname n WHERE n.security_id = k.id AND n.name = s.name)"
    )
    for names in (FORMER, current):
        merge.run(f"INSERT INTO intake_changed SELECT line FROM ({names}) x")
        merge.run(
            "INSERT INTO market_securityname (security_id, name, short_pinyin) "
            f"SELECT DISTINCT security_id, name, '' FROM ({names}) x"
        )


def _warn(merge: Merge) -> None:
    other = "SELECT count(*) FROM intake_good s JOIN intake_prefix p ON p.exchange = s.exchange AND p.code = s.code "
    merge.note(
        "the board is not the one its prefix suggests",
        merge.rows(other + "WHERE s.type = 'stock' AND s.board <> p.board")[0][0],
    )


KIND = Kind(
    name="securities",
    title="securities master, one line per name",
    columns=COLUMNS,
    checks=CHECKS,
    record_checks=RECORD_CHECKS,
    prepare=prepare,
    fill=fill,
    write=write,
)
