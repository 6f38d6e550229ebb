"""The last price within the day: the newest line of a security replaces what is stored, older ones change nothing."""

from clients.intake.checks import Check
from clients.intake.registry import Kind, Merge
from clients.intake.shapes import shape
from clients.market.kinds import joins

COLUMNS = shape(
    f"""
    **exchange**:{joins.EXCHANGES} **code**:s12* **at**:t* last:p*(>0) prev_close:p(>0) volume:q(0..) source:s40*
    delay_s:i*(0..)
    """
)
MOMENT = '"at"'
OUTSIDE = f"NOT ({joins.in_session(MOMENT)})"
DAY = "(s.at AT TIME ZONE 'Asia/Shanghai')::date"
NEWEST = f"""
    SELECT DISTINCT ON (k.id) k.id, s.* FROM intake_good s {joins.SECURITY}
    LEFT JOIN market_quote q ON q.security_id = k.id
    WHERE q.at IS NULL OR q.at < s.at ORDER BY k.id, s.at DESC
"""


def write(merge: Merge) -> int:
    """Keep the newest quote of each security; every other line is unchanged."""
    return merge.run(
        f"""
        INSERT INTO market_quote (security_id, at, last, prev_close, volume, source, delay_s)
        SELECT id, at, last, prev_close, volume, source, delay_s FROM ({NEWEST}) x
        ON CONFLICT (security_id) DO UPDATE SET at = excluded.at, last = excluded.last, volume = excluded.volume,
            prev_close = excluded.prev_close, source = excluded.source, delay_s = excluded.delay_s
        """
    )


KIND = Kind(
    name="quotes",
    title="last prices within the day",
    columns=COLUMNS,
    checks=(
        *joins.code_checks(),
        Check("E_FUTURE", "at", '"at" > :now', "{} lies in the future", MOMENT),
        Check("E_RANGE", "at", OUTSIDE, "{} lies outside the sessions of the exchange", MOMENT),
    ),
    joins=f"{joins.SECURITY} {joins.calendar(DAY)}",
    record_checks=(
        joins.NO_SECURITY,
        Check(
            "E_NOT_TRADING_DAY",
            "at",
            joins.NOT_TRADING_DAY.when,
            "the exchange does not trade on the day of {}",
            "s.at",
        ),
    ),
    write=write,
)
