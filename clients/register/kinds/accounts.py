"""Accounts. A main account moves within one file: first the old ones step back, then the new one comes forward."""

from clients.intake.checks import Check, Query
from clients.intake.merging import State, begin_changes, changed_lines
from clients.intake.registry import Kind, Merge
from clients.intake.shapes import shape
from clients.register.kinds import joins
from clients.register.models import Account
from clients.shared import masking

COLUMNS = shape(
    """
    **kind**:e*(fund, securities, credit_fund, credit_securities, option, ta, pension)
    **market**:e*(SH, SZ, BJ, HK, OTC) **account_no**:s30* client_no:s20* fund_account:s30 main:b designated:b
    status:e*(normal, dormant, frozen, restricted, closed) opened_on:d* closed_on:d branch:s20* bank:s20
    bank_card_tail:s depository:e(none, active, changing) commission:r(0..) min_commission:m(0..) first_trade_on:d
    permissions:s
    """
)
PERSONAL = dict.fromkeys(("account_no", "fund_account", "bank_card_tail"), masking.mask_account)
PERMISSIONS = ("GEM", "STAR", "BSE", "HK", "CB", "DELISTING", "NEEQ", "MARGIN", "OPTION", "ST")
HELD = """ARRAY(SELECT DISTINCT trim(p) FROM unnest(string_to_array(s.permissions, ';')) p
    WHERE trim(p) <> '' ORDER BY 1)::varchar[]"""
KNOWN = "o.kind = s.kind AND o.market = s.market AND o.account_no = s.account_no"
STATE = State(
    Account,
    key={"kind": "s.kind", "market": "s.market", "account_no": "s.account_no"},
    same="fund_account main designated status opened_on closed_on bank bank_card_tail depository commission "
    "min_commission first_trade_on",
    other={"client": "cl.id", "branch": "br.id", "permissions": HELD},
    needs={"permissions": "permissions"},
)
JOINS = f"{joins.CLIENT} {joins.BRANCH} LEFT JOIN register_account o ON {KNOWN}"
CHECKS = (
    Check(
        "E_ORDER", "closed_on", "closed_on IS NOT NULL AND status <> 'closed'", "only a closed account has closed_on"
    ),
    Check("E_ORDER", "closed_on", "closed_on < opened_on", "the account closes before it opens"),
    *(
        Check("E_FUTURE", column, f"{column} > :today", "{} lies in the future", column)
        for column in ("opened_on", "closed_on", "first_trade_on")
    ),
    Check(
        "E_RANGE",
        "bank_card_tail",
        "NOT regexp_full_match(bank_card_tail, '[0-9]{1,4}') OR regexp_matches(bank, '[0-9]{12}')",
        "only the last four digits of a card: full card numbers are refused",
    ),
)
LISTED = ", ".join(f"'{code}'" for code in PERMISSIONS)
NORMAL = "x.kind = replace(s.kind, 'credit_', '') AND x.status <> 'closed'"
RECORD_CHECKS = (
    joins.NO_CLIENT,
    joins.NO_BRANCH,
    Check(
        "E_ENUM",
        "permissions",
        f"EXISTS (SELECT FROM unnest({HELD}) p WHERE p NOT IN ({LISTED}) "
        "AND p NOT IN (SELECT code FROM register_permissionrule))",
        f"'{{}}' holds an unknown permission: {', '.join(PERMISSIONS)}, with ; between",
        "s.permissions",
    ),
    Check("E_CONFLICT", "client_no", "o.client_id <> cl.id", "the account belongs to another client: it cannot move"),
    Check(
        "E_CONFLICT",
        "account_no",
        f"s.kind IN {joins.CASH_KINDS} AND EXISTS (SELECT FROM register_account x WHERE x.account_no = s.account_no "
        f"AND x.kind IN {joins.CASH_KINDS} AND (x.kind <> s.kind OR x.market <> s.market))",
        "another fund account has this number",
    ),
    Check(
        "E_NO_ACCOUNT",
        "kind",
        f"s.kind LIKE 'credit%' AND s.status <> 'closed' AND NOT EXISTS (SELECT FROM register_account x WHERE "
        f"x.client_id = cl.id AND {NORMAL}) AND NOT EXISTS "
        f"(SELECT FROM intake_stage x WHERE x.client_no = s.client_no AND {NORMAL})",
        "a credit account stands only beside a normal one of the same client",
    ),
)
TWICE_IN_FILE = f"""
    SELECT line, NULL FROM (
        SELECT s.line, min(s.line) OVER (PARTITION BY s.account_no) AS first FROM intake_good s
        WHERE s.kind IN {joins.CASH_KINDS}) x WHERE line > first
"""
# Of the good lines that want to be main, the first one stands; and only if no other main account stays in the record.
SECOND_MAIN = """
    SELECT s.line, NULL FROM (
        SELECT g.*, min(g.line) OVER (PARTITION BY g.client_no, g.kind) AS first FROM intake_good g
        WHERE g.main AND g.status <> 'closed') s
    JOIN register_client cl ON cl.client_no = s.client_no
    WHERE s.line > s.first OR EXISTS (
        SELECT FROM register_account o WHERE o.client_id = cl.id AND o.kind = s.kind AND o.main AND o.status <> 'closed'
        AND NOT (o.market = s.market AND o.account_no = s.account_no) AND NOT EXISTS (
            SELECT FROM intake_good g WHERE g.kind = o.kind AND g.market = o.market AND g.account_no = o.account_no
            AND (g.status = 'closed' OR g.main IS FALSE)))
"""
QUERIES = (
    Query("E_CONFLICT", "account_no", TWICE_IN_FILE, "another fund account of the file has this number"),
    Query(
        "E_CONFLICT", "main", SECOND_MAIN, "the client has another main account of this kind: one of them steps back"
    ),
)


def write(merge: Merge) -> int:
    """Bring the accounts up to date."""
    begin_changes(merge)
    stepping = f"{KNOWN} AND o.main AND o.status <> 'closed' AND (s.main IS FALSE OR s.status = 'closed')"
    merge.run(f"INSERT INTO intake_changed SELECT s.line FROM intake_good s JOIN register_account o ON {stepping}")
    merge.run(f"UPDATE register_account o SET main = false FROM intake_good s WHERE {stepping}")
    STATE.write(merge, f"intake_good s {joins.CLIENT} {joins.BRANCH}")
    return changed_lines(merge)


KIND = Kind(
    name="accounts",
    title="fund, securities, credit and other accounts",
    columns=COLUMNS,
    checks=CHECKS,
    joins=JOINS,
    record_checks=RECORD_CHECKS,
    queries=QUERIES,
    personal=PERSONAL,
    write=write,
    clients="SELECT count(DISTINCT client_no) FROM intake_stage",
)
