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
# Each bar with the one before it: in the file, else the last earlier one in the record.
BEFORE = """
    SELECT x.line, x.exchange, x.day, x.prev_close, x.adj_factor, coalesce(x.last_close, r.close) AS last_close,
        coalesce(x.last_day, r.day) AS last_day, coalesce(x.last_factor, r.adj_factor) AS last_factor
    FROM (
        SELECT s.*, lag(s.close) OVER w AS last_close, lag(s.day) OVER w AS last_day,
            lag(s.adj_factor) OVER w AS last_factor
        FROM intake_stage s WINDOW w AS (PARTITION BY s.exchange, s.code ORDER BY s.day)) x
    LEFT JOIN market_security k ON k.exchange_id = x.exchange AND k.code = x.code
    LEFT JOIN LATERAL (
        SELECT b.close, b.day, b.adj_factor FROM market_dailybar b
        WHERE x.last_day IS NULL AND b.security_id = k.id AND b.day < x.day ORDER BY b.day DESC LIMIT 1) r ON true
"""
BROKEN = f"""
    SELECT y.line, y.last_close FROM ({BEFORE}) y
    JOIN market_tradingday d ON d.exchange_id = y.exchange AND d.day = y.day
    JOIN market_tradingday e ON e.exchange_id = y.exchange AND e.day = y.last_day AND e.number = d.number - 1
    WHERE y.prev_close <> y.last_close
"""
CHAIN = Query(
    "E_ARITH",
    "prev_close",
    f"{BROKEN} AND y.adj_factor = y.last_factor",
    "the close of the day before was {}, and the adjustment factor says that this is no ex-date",
)


def fill(merge: Merge) -> None:
    """Derive what the file does not say; each derived value is counted."""
    _exchange(merge)
    merge.run("ANALYZE intake_stage")  # the planner must see the derived exchange, or it joins line by line
    merge.note("previous close derived from the bar before", _previous(merge))
    merge.note(
        "amount derived from volume and the mean price",
        merge.run(
            "UPDATE intake_stage s SET amount = round(s.volume * (coalesce(s.open, s.close) + coalesce(s.high, s.close)"
            " + coalesce(s.low, s.close) + s.close) / 4, 2) WHERE s.amount IS NULL"
        ),
    )
    merge.note("status derived from volume and the day of listing", _status(merge))
    _jumps(merge)


def _exchange(merge: Merge) -> None:
    merge.note(
        "exchange derived: the code stands in the master once",
        merge.run(
            "UPDATE intake_stage s SET exchange = k.exchange FROM (SELECT code, min(exchange_id) AS exchange "
            "FROM market_security GROUP BY code HAVING count(*) = 1) k WHERE s.exchange IS NULL AND k.code = s.code"
        ),
    )


def _previous(merge: Merge) -> int:
    if not merge.rows("SELECT FROM intake_stage WHERE prev_close IS NULL LIMIT 1"):
        return 0
    return merge.run(
        f"UPDATE intake_stage s SET prev_close = x.last_close FROM ({BEFORE}) x "
        "WHERE x.line = s.line AND s.prev_close IS NULL AND x.last_close IS NOT NULL"
    )


def _status(merge: Merge) -> int:
    return merge.run(
        "UPDATE intake_stage s SET status = CASE WHEN s.volume = 0 THEN 'suspended' WHEN k.list_date = s.day "
        "THEN 'first_day' ELSE 'trading' END FROM intake_stage o LEFT JOIN market_security k "
        "ON k.exchange_id = o.exchange AND k.code = o.code WHERE o.line = s.line AND s.status IS NULL"
    )


def _jumps(merge: Merge) -> None:
    """Flag moves of adjusted prices that the board would not allow: often a seam in the source's adjustment."""
    limit = """
        SELECT DISTINCT ON (s.line) s.line, r.limit_ratio, r.first_days_free, k.list_date
        FROM intake_stage s JOIN market_security k ON k.exchange_id = s.exchange AND k.code = s.code
        JOIN market_boardrule r ON r.board = k.board AND NOT r.risk_warned AND r.effective_from <= s.day
        WHERE s.adjusted AND s.prev_close IS NOT NULL
        ORDER BY s.line, r.effective_from DESC
    """
    jumped = merge.run(
        f"UPDATE intake_stage s SET jump = true FROM ({limit}) x WHERE x.line = s.line "
        "AND abs(s.close / s.prev_close - 1) > x.limit_ratio + 0.01 "
        "AND (x.list_date IS NULL OR s.day > x.list_date + 2 * x.first_days_free)"
    )
    merge.note("jumps flagged: the move is larger than the board allows", jumped)


def write(merge: Merge) -> int:
    """Insert new bars; of a known one the adjustment factor may change, and all of it while its day is open."""
    factors = merge.run(
        f"UPDATE market_dailybar t SET adj_factor = s.adj_factor FROM intake_good s {joins.SECURITY} "
        "WHERE t.security_id = k.id AND t.day = s.day AND :has_adj_factor "
        "AND s.adj_factor IS DISTINCT FROM t.adj_factor"
    )
    merge.run(
        f"DELETE FROM market_dailybar d USING (SELECT t.id FROM intake_good s {JOINS} "
        f"WHERE NOT {CLOSED} AND {CONFLICT.when}) x WHERE x.id = d.id"
    )
    differing = f"{BROKEN} AND y.adj_factor IS DISTINCT FROM y.last_factor"
    merge.note("previous close is not the close of the day before: an ex-date, or a fault of the source",
               merge.rows(f"SELECT count(*) FROM ({differing}) x")[0][0])  # fmt: skip
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
