"""Consents given and withdrawn: facts, of which the newest counts."""

from clients.intake.checks import Check
from clients.intake.merging import Facts
from clients.intake.registry import Kind, Merge
from clients.intake.shapes import shape
from clients.register.kinds import joins
from clients.register.models import Consent

PURPOSES = ", ".join(Consent.Purpose.values)
COLUMNS = shape(
    f"""
    **client_no**:s20* **purpose**:e*({PURPOSES}) **version**:s20* **at**:t* given:b*
    channel:e*(app, web, pc, wechat, phone, branch)
    """
)
FACTS = Facts(
    Consent,
    key={"client": "cl.id", "purpose": "s.purpose", "version": "s.version", "at": "s.at"},
    same="given channel",
)
JOINS = f"{joins.CLIENT} {FACTS.join()}"


def write(merge: Merge) -> int:
    """Add what is new."""
    return FACTS.write(merge, JOINS)


KIND = Kind(
    name="consents",
    title="consents given and withdrawn",
    columns=COLUMNS,
    checks=(Check("E_FUTURE", "at", '"at" > :now', "{} lies in the future", '"at"'),),
    joins=JOINS,
    record_checks=(joins.NO_CLIENT, FACTS.conflict()),
    write=write,
    clients="SELECT count(DISTINCT client_no) FROM intake_stage",
)
