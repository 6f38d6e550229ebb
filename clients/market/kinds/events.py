"""What happened to securities, as the data provider's file tells it: facts, by the number the file gives them."""

from clients.intake.checks import Check
from clients.intake.merging import Facts
from clients.intake.registry import Kind, Merge
from clients.intake.shapes import shape
from clients.market.kinds import joins
from clients.market.models import SecurityEvent
from clients.market.models.events import HOUSE

COLUMNS = shape(
    f"""
    **exchange**:{joins.EXCHANGES} **code**:s12* **event_no**:s60* kind:e*(dividend, bonus, rights, ipo, unlock,
    suspend, resume, st_on, st_off, delisting, probe, reduction, earnings_warning, haircut, margin_list, cb_redeem,
    put_back, tender) announced_on:d* ex_date:d record_date:d pay_date:d last_day:d value:r(0..) price:p(0..) note:s500
    """
)
FACTS = Facts(
    SecurityEvent,
    key={"security": "k.id", "event_no": "s.event_no"},
    same="kind announced_on ex_date record_date pay_date last_day value price note",
)
# Kinds for which the first and the last day bound one stretch of time.
STRETCHES = "'suspend', 'delisting', 'put_back', 'tender', 'reduction'"
CHECKS = (
    *joins.code_checks(),
    Check(
        "E_FUTURE",
        "announced_on",
        "announced_on > :today",
        "{} lies in the future: files hold what has been announced",
        "announced_on",
    ),
    Check(
        "E_RANGE",
        "event_no",
        f"starts_with(event_no, '{HOUSE}')",
        f"numbers that begin with '{HOUSE}' are given by the house: {{}}",
        "event_no",
    ),
    Check(
        "E_ORDER",
        "last_day",
        f"kind IN ({STRETCHES}) AND last_day < ex_date",
        "the last day {} lies before the first",
        "last_day",
    ),
    Check(
        "E_ORDER",
        "record_date",
        "kind IN ('dividend', 'bonus', 'rights') AND record_date > ex_date",
        "the record date {} lies after the ex-date",
        "record_date",
    ),
    Check("E_ORDER", "pay_date", "pay_date < record_date", "{} lies before the record date", "pay_date"),
)
JOINS = f"{joins.SECURITY} {FACTS.join()}"


def write(merge: Merge) -> int:
    """Add what is new."""
    return FACTS.write(merge, JOINS)


KIND = Kind(
    name="security_events",
    title="corporate actions and states of securities",
    columns=COLUMNS,
    checks=CHECKS,
    joins=JOINS,
    record_checks=(joins.NO_SECURITY, FACTS.conflict()),
    write=write,
)
