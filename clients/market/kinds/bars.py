"""Daily bars. Previous close, amount and status are derived where the file has none, and so is the exchange of a code
that stands in the master once. With `adjusted` the prices are forward-adjusted: limits do not apply, jumps are flagged.
"""

from clients.intake.checks import Check, Query
from clients.intake.merging import Facts
from clients.intake.registry import Kind, Merge
from clients.intake.shapes import shape
from clients.market.kinds import joins
from clients.market.models import DailyBar

COLUMNS = shape(
    """
    **exchange**:e~(SH, SZ, BJ, HK, OTC) **code**:s12* **day**:d* open:p(>0) high:p(>0) low:p(>0) close:p*(>0)
    prev_close:p~(>0) volume:q*(0..) amount:m~(0..) limit_up:p(>0) limit_down:p(>0)
    status:e~(trading, suspended, first_day, no_limit) adj_factor:r(>0) adjusted:b
    """
)
FREE = "status IN ('first_day', 'no_limit') OR adjusted"
LINE_CHECKS = (
    *joins.code_checks(),
    joins.FUTURE_DAY,
    Check("E_ORDER", "low", "low > least(open, close, high)", "the low {} lies above another price", "low"),
    Check("E_ORDER", "high", "high < greatest(open, close, low)", "the high {} lies below another price", "high"),
    Check(
        "E_RANGE",
        "high",
        f"coalesce(high, close) > limit_up AND NOT coalesce({FREE}, false)",
        "{} lies above the limit of the day",
        "coalesce(high, close)",
    ),
    Check(
        "E_RANGE",
        "low",
        f"coalesce(low, close) < limit_down AND NOT coalesce({FREE}, false)",
        "{} lies below the limit of the day",
        "coalesce(low, close)",
    ),
    Check(
        "E_ARITH", "volume", "status = 'suspended' AND volume <> 0", "a suspended day has no volume, not {}", "volume"
    ),
    Check(
        "E_ARITH",
        "close",
        "status = 'suspended' AND close <> prev_close",
        "on a suspended day the close is the previous close, not {}",
        "close",
    ),
)
FACTS = Facts(
    DailyBar,
    key={"security": "k.id", "day": "s.day"},
    same="open high low close prev_close volume amount limit_up limit_down status adjusted",
    carried={"adj_factor": "s.adj_factor", "jump": "s.jump"},
)
JOINS = f"{joins.SECURITY} {joins.calendar()} {FACTS.join('t.day BETWEEN :low AND :high')}"
CLOSED = "(s.day < :today OR (:now AT TIME ZONE 'Asia/Shanghai')::time >= '15:30')"
CONFLICT = FACTS.conflict()
RECORD_CHECKS = (
    Check("E_REQUIRED", "exchange", "s.exchange IS NULL", "{} is not in the master once: give the exchange", "s.code"),
    Check(
        joins.NO_SECURITY.code,
        "code",
        "k.id IS NULL AND s.exchange IS NOT NULL",
        joins.NO_SECURITY.message,
        joins.NO_SECURITY.shows,
    ),
    Check(
        joins.NOT_TRADING_DAY.code,
        "day",
        f"s.exchange IS NOT NULL AND ({joins.NOT_TRADING_DAY.when})",
        joins.NOT_TRADING_DAY.message,
        joins.NOT_TRADING_DAY.shows,
    ),
    Check("E_CONFLICT", "", f"{CLOSED} AND {CONFLICT.when}", CONFLICT.message),
)
# Each line with its security, the bar before it (in the file, else the last earlier one in the record) and the limit
# that the board has on its day.
BEFORE = """
    DROP TABLE IF EXISTS pg_temp.intake_before;
    CREATE TEMPORARY TABLE intake_before AS
    SELECT x.line, k.list_date, coalesce(x.last_close, r.close) AS last_close, coalesce(x.last_day, r.day) AS last_day,
        coalesce(x.last_factor, r.adj_factor) AS last_factor, l.limit_ratio, l.first_days_free
    FROM (
        SELECT s.*, lag(s.close) OVER w AS last_close, lag(s.day) OVER w AS last_day,
            lag(s.adj_factor) OVER w AS last_factor
        FROM intake_stage s WINDOW w AS (PARTITION BY s.exchange, s.code ORDER BY s.day)) x
    LEFT JOIN market_security k ON k.exchange_id = x.exchange AND k.code = x.code
    LEFT JOIN LATERAL (
        SELECT b.close, b.day, b.adj_factor FROM market_dailybar b
        WHERE x.last_day IS NULL AND b.security_id = k.id AND b.day < x.day ORDER BY b.day DESC LIMIT 1) r ON true
    LEFT JOIN LATERAL (
        SELECT r.limit_ratio, r.first_days_free FROM market_boardrule r
        WHERE x.adjusted AND r.board = k.board AND NOT r.risk_warned AND r.effective_from <= x.day
        ORDER BY r.effective_from DESC LIMIT 1) l ON true;
    ANALYZE intake_before
"""
PREVIOUS = "coalesce(s.prev_close, b.last_close)"
MEAN = "(coalesce(s.open, s.close) + coalesce(s.high, s.close) + coalesce(s.low, s.close) + s.close) / 4"
STATUS = "CASE WHEN s.volume = 0 THEN 'suspended' WHEN b.list_date = s.day THEN 'first_day' ELSE 'trading' END"
# A move of adjusted prices that the board would not allow is often a seam in the source's adjustment.
JUMP = f"""
    coalesce(s.adjusted AND abs(s.close / {PREVIOUS} - 1) > b.limit_ratio + 0.01
    AND (b.list_date IS NULL OR s.day > b.list_date + 2 * b.first_days_free), false)
"""
DERIVED = {
    "previous close derived from the bar before": "s.prev_close IS NULL AND b.last_close IS NOT NULL",
    "amount derived from volume and the mean price": "s.amount IS NULL",
    "status derived from volume and the day of listing": "s.status IS NULL",
    "jumps flagged: the move is larger than the board allows": JUMP,
}
BROKEN = """
    SELECT s.line, b.last_close FROM intake_stage s JOIN intake_before b ON b.line = s.line
    JOIN market_tradingday d ON d.exchange_id = s.exchange AND d.day = s.day
    JOIN market_tradingday e ON e.exchange_id = s.exchange AND e.day = b.last_day AND e.number = d.number - 1
    WHERE s.prev_close <> b.last_close
"""
CHAIN = Query(
    "E_ARITH",
    "prev_close",
    f"{BROKEN} AND s.adj_factor = b.last_factor",
    "the close of the day before was {}, and the adjustment factor says that this is no ex-date",
)
EX_DATES = f"SELECT count(*) FROM ({BROKEN} AND s.adj_factor IS DISTINCT FROM b.last_factor) x"


def fill(merge: Merge) -> None:
    """Derive what the file does not say; each derived value is counted."""
    merge.note(
        "exchange derived: the code stands in the master once",
        merge.run(
            "UPDATE intake_stage s SET exchange = k.exchange FROM (SELECT code, min(exchange_id) AS exchange "
            "FROM market_security GROUP BY code HAVING count(*) = 1) k WHERE s.exchange IS NULL AND k.code = s.code"
        ),
    )
    merge.run("ANALYZE intake_stage")  # the planner must see the derived exchange, or it joins line by line
    merge.run(BEFORE)
    counts = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in DERIVED.values())
    beside = "intake_before b WHERE b.line = s.line"
    found = merge.rows(f"SELECT {counts} FROM intake_stage s, {beside}")[0]
    if any(found):
        merge.run(
            f"UPDATE intake_stage s SET prev_close = {PREVIOUS}, status = coalesce(s.status, {STATUS}), "
            f"amount = coalesce(s.amount, round(s.volume * {MEAN}, 2)), jump = {JUMP} FROM {beside}"
        )
    for text, count in zip(DERIVED, found, strict=True):
        merge.note(text, count)


def write(merge: Merge) -> int:
    """Insert new bars; of a known one the adjustment factor may change, and all of it while its day is open."""
    factors = merge.run(
        f"UPDATE market_dailybar t SET adj_factor = s.adj_factor FROM intake_good s {joins.SECURITY} "
        "WHERE t.security_id = k.id AND t.day = s.day AND :has_adj_factor "
        "AND s.adj_factor IS DISTINCT FROM t.adj_factor"
    )
    if merge.rows(f"SELECT FROM intake_good s WHERE NOT {CLOSED} LIMIT 1"):
        merge.run(
            f"DELETE FROM market_dailybar d USING (SELECT t.id FROM intake_good s {JOINS} "
            f"WHERE NOT {CLOSED} AND {CONFLICT.when}) x WHERE x.id = d.id"
        )
    ex_dates = merge.rows(EX_DATES)[0][0]
    merge.note("previous close is not the close of the day before: an ex-date, or a fault of the source", ex_dates)
    return factors + FACTS.write(merge, JOINS)


KIND = Kind(
    name="bars",
    title="daily bars",
    columns=COLUMNS,
    checks=LINE_CHECKS,
    joins=JOINS,
    record_checks=RECORD_CHECKS,
    queries=(CHAIN,),
    fill=fill,
    write=write,
    staged={"jump": "boolean NOT NULL DEFAULT false"},
)
