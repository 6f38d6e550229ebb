"""Clients. Personal fields never reach the database in the clear, not even while they are staged."""

from collections.abc import Iterator
from datetime import date

from id_validator import helper

from clients.intake.checks import Check, Problem
from clients.intake.merging import State, begin_changes, changed_lines
from clients.intake.registry import Kind, Merge, Note, Row
from clients.intake.shapes import shape
from clients.register.kinds import joins
from clients.register.models import OWN_NUMBER, Client
from clients.shared import masking
from clients.shared.encrypted import blind_index, encrypt
from clients.shared.pinyin import spelt

COLUMNS = shape(
    """
    **client_no**:s20* kind:e*(individual, organisation, product) name:s120*
    id_type:e(id_card, passport, hk_mo_permit, tw_permit, residence_permit, business_licence, product_code, other)
    id_no:s40 id_valid_from:d id_valid_to:d birth_date:d sex:e(M, F) nationality:s3 mobile:s20 email:s120 address:s300
    occupation:s60 education:s30 income_band:s30 branch:s20* manager_no:s20 opened_on:d
    status:e*(lead, active, dormant, closed) aml_level:e(low, medium, high) tax_residency:s20 risk_level:i(1..5)
    risk_lowest:b risk_assessed_on:d risk_valid_to:d unified_account:s20 brokers_elsewhere:i(0..1000)
    assets_elsewhere:m(0..)
    """
)
SECRET = ("id_no", "mobile", "email")
RISK = ("risk_level", "risk_lowest", "risk_assessed_on", "risk_valid_to")
PERSONAL = {
    "name": masking.mask_name,
    "id_no": masking.mask_id_no,
    "birth_date": lambda text: text[:4],
    "mobile": masking.mask_mobile,
    "email": masking.mask_email,
    "address": masking.mask_address,
    "unified_account": masking.mask_account,
}


def _cipher(field: str) -> str:
    """SQL: the new ciphertext; the old one when the value is the same or not in the file; empty when it was cleared."""
    return (
        f"CASE WHEN :has_{field} AND s.{field}_index IS NULL THEN '' ELSE coalesce(s.{field}_cipher, o.{field}, '') END"
    )


STATE = State(
    Client,
    key={"client_no": "s.client_no"},
    same="kind name id_type id_valid_from id_valid_to birth_date sex nationality address occupation education "
    "income_band opened_on status aml_level tax_residency unified_account brokers_elsewhere assets_elsewhere",
    other={"branch": "br.id", "manager": "m.id", **{f"{field}_index": f"s.{field}_index" for field in SECRET}},
    needs={"branch": "branch", "manager": "manager_no", **{f"{field}_index": field for field in SECRET}},
    carried={
        "name_pinyin": "coalesce(s.name_pinyin, o.name_pinyin, '')",
        "manager_since": "CASE WHEN :has_manager_no AND m.id IS DISTINCT FROM o.manager_id THEN :today "
        "ELSE o.manager_since END",
        **{field: _cipher(field) for field in SECRET},
    },
)
LINES = f"""
    intake_good s {joins.BRANCH} LEFT JOIN org_staff m ON m.staff_no = s.manager_no
    LEFT JOIN register_client o ON o.client_no = s.client_no
"""
ASSESSED = """
    SELECT s.line, c.id, s.risk_level, s.risk_lowest, s.risk_assessed_on, s.risk_valid_to
    FROM intake_good s JOIN register_client c ON c.client_no = s.client_no
    WHERE s.risk_level IS NOT NULL AND NOT EXISTS (
        SELECT FROM register_riskassessment r WHERE r.client_id = c.id AND r.level = s.risk_level
        AND r.lowest = s.risk_lowest AND r.assessed_on = s.risk_assessed_on AND r.valid_to = s.risk_valid_to)
"""
TWINS = """
    SELECT DISTINCT least(c.client_no, s.client_no), greatest(c.client_no, s.client_no)
    FROM intake_good s JOIN register_client c ON c.id_no_index = s.id_no_index AND c.id_type = s.id_type
    WHERE s.id_no_index IS NOT NULL AND c.client_no <> s.client_no ORDER BY 1, 2
"""
# What was the same when the line was prepared has no new ciphertext; somebody may have changed it since.
CHANGED_MEANWHILE = Check(
    "E_CONFLICT",
    "client_no",
    " OR ".join(
        f"(s.{field}_cipher IS NULL AND s.{field}_index IS NOT NULL "
        f"AND o.{field}_index IS DISTINCT FROM s.{field}_index)"
        for field in SECRET
    ),
    "the client was changed while the file was read: import the file again",
)
TOLD = 20  # twins that are named; the others are counted
CHECKS = (
    Check(
        "E_RANGE",
        "client_no",
        f"client_no ~* '{OWN_NUMBER}'",
        "{} is a number of the online branch's own series: give the client a number of the trading system",
        "client_no",
    ),
    *(
        Check("E_REQUIRED", column, f"status <> 'lead' AND {column} IS NULL", f"{column} may be empty only for a lead")
        for column in ("id_type", "id_no", "opened_on")
    ),
    Check("E_ORDER", "id_valid_to", "id_valid_to < id_valid_from", "the document ends before it begins"),
    *(
        Check("E_FUTURE", column, f"{column} > :today", f"{column} lies in the future")
        for column in ("id_valid_from", "birth_date", "opened_on", "risk_assessed_on")
    ),
    Check(
        "E_REQUIRED",
        "risk_level",
        f"{' + '.join(f'({name} IS NOT NULL)::int' for name in RISK)} NOT IN (0, 4)",
        f"{', '.join(RISK)} are given together or not at all",
    ),
    Check("E_ORDER", "risk_valid_to", "risk_valid_to < risk_assessed_on", "the assessment ends before it begins"),
    Check("E_RANGE", "risk_lowest", "risk_lowest AND risk_level <> 1", "the lowest class has risk level 1"),
)


def prepare(rows: list[Row], note: Note) -> Iterator[Problem]:
    """Check identity numbers, encrypt what is personal, make the sort key; what is known already costs nothing."""
    numbers = [row["client_no"] for row in rows]
    fields = ("client_no", "name", *(f"{field}_index" for field in SECRET))
    known = {values[0]: values for values in Client.objects.filter(client_no__in=numbers).values_list(*fields)}
    for row in rows:
        yield from _identity(row)
        _conceal(row, known.get(row["client_no"], (None,) * len(fields)))


def _identity(row: Row) -> Iterator[Problem]:
    if row["id_type"] != "id_card" or not row["id_no"]:
        return
    number, line = row["id_no"].upper(), row["line"]
    parts = helper.get_id_argument(number)
    if len(number) not in (15, 18) or not parts["body"].isdecimal() or not parts["body"].isascii():
        yield Problem(line, "E_CHECKSUM", "id_no", "an ID card number has 18 characters (or 15, before 1999)")
    elif not helper.check_birthday_code(parts["birthday_code"]):
        yield Problem(line, "E_CHECKSUM", "id_no", "the birth date inside the number is no date")
    elif len(number) == 18 and helper.generator_check_bit(parts["body"]) != parts["check_bit"]:
        yield Problem(line, "E_CHECKSUM", "id_no", "the check character does not fit: a digit was mistyped")
    elif row["birth_date"] and date.fromisoformat(row["birth_date"]) != _born(parts["birthday_code"]):
        yield Problem(line, "E_CHECKSUM", "birth_date", "the birth date is not the one inside the ID card number")


def _born(code: str) -> date:
    return date(int(code[:4]), int(code[4:6]), int(code[6:]))


def _conceal(row: Row, known: tuple[str | None, ...]) -> None:
    if row["name"] != known[1]:
        row["name_pinyin"] = spelt(row["name"])[:240]
    for field, before in zip(SECRET, known[2:], strict=True):
        index = blind_index(row[field] or "")
        row[f"{field}_index"] = index or None
        row[f"{field}_cipher"] = encrypt(row[field]) if index and index != before else None


def write(merge: Merge) -> int:
    """Bring the clients up to date, add new assessments, say who stands twice."""
    begin_changes(merge)
    unknown = "SELECT s.manager_no, count(*) FROM intake_good s LEFT JOIN org_staff m ON m.staff_no = s.manager_no "
    for number, count in merge.rows(unknown + "WHERE s.manager_no IS NOT NULL AND m.id IS NULL GROUP BY 1 ORDER BY 1"):
        merge.note(f"no member of staff has the number {number}: the client has no manager", count)
    STATE.write(merge, LINES)
    merge.run(f"INSERT INTO intake_changed SELECT line FROM ({ASSESSED}) x")
    merge.run(
        "INSERT INTO register_riskassessment (client_id, level, lowest, assessed_on, valid_to, intended_kinds, source, "
        f"arrived_at) SELECT id, risk_level, risk_lowest, risk_assessed_on, risk_valid_to, '[]', 'import', :now "
        f"FROM ({ASSESSED}) x"
    )
    _tell_twins(merge)
    return changed_lines(merge)


def _tell_twins(merge: Merge) -> None:
    twins = merge.rows(TWINS)
    for one, other in twins[:TOLD]:
        merge.note(f"{one} and {other} have the same identity document")
    merge.note("further pairs with the same identity document", len(twins) - TOLD)


KIND = Kind(
    name="clients",
    title="clients and leads",
    columns=COLUMNS,
    checks=CHECKS,
    joins=f"{joins.BRANCH} LEFT JOIN register_client o ON o.client_no = s.client_no",
    record_checks=(joins.NO_BRANCH, CHANGED_MEANWHILE),
    prepare=prepare,
    staged={f"{field}_{part}": "text" for field in SECRET for part in ("index", "cipher")} | {"name_pinyin": "text"},
    unstaged=frozenset(SECRET),
    personal=PERSONAL,
    write=write,
    clients="SELECT count(DISTINCT client_no) FROM intake_stage",
)
