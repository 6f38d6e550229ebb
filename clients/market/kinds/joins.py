"""What files of several owners look up in the market, as SQL over the staged line `s`."""

from clients.intake.checks import Check

EXCHANGES = "e*(SH, SZ, BJ, HK, OTC)"
SECURITY = "LEFT JOIN market_security k ON k.exchange_id = s.exchange AND k.code = s.code"
# The first guessed day of each calendar: from there on no fact is taken, though a later year may be certain.
GUESSED = (
    "LEFT JOIN (SELECT exchange_id, min(day) AS day FROM market_tradingday WHERE provisional GROUP BY 1) g "
    "ON g.exchange_id = c.exchange_id"
)
MAINLAND_DAY = f"LEFT JOIN market_tradingday c ON c.day = s.day AND c.exchange_id = 'SH' {GUESSED}"
UNCERTAIN = "(c.day IS NULL OR c.day >= g.day)"


def calendar(day: str = "s.day") -> str:
    """SQL that joins the calendar's day as `c`; over the counter follows the mainland, an unknown day joins nothing."""
    exchange = "CASE s.exchange WHEN 'OTC' THEN 'SH' ELSE s.exchange END"
    return f"LEFT JOIN market_tradingday c ON c.day = {day} AND c.exchange_id = {exchange} {GUESSED}"


NO_SECURITY = Check(
    "E_NO_SECURITY",
    "code",
    "k.id IS NULL",
    "no security {} is known: import the securities master first",
    "s.code || '.' || s.exchange",
)
NOT_TRADING_DAY = Check(
    "E_NOT_TRADING_DAY",
    "day",
    f"c.is_open IS NOT TRUE OR {UNCERTAIN}",
    "{}: facts are taken only for days that the calendar knows for certain as trading days",
    "s.exchange || ' does not trade on ' || s.day",
)
NOT_MAINLAND_DAY = Check(
    "E_NOT_TRADING_DAY",
    "day",
    NOT_TRADING_DAY.when,
    "{} is not a day the calendar knows for certain as a trading day",
    "s.day",
)
FUTURE_DAY = Check("E_FUTURE", "day", "day > :today", "{} lies in the future: files hold what has happened", "day")
CURRENCY = Check(
    "E_TYPE", "currency", "NOT regexp_full_match(currency, '[A-Z]{3}')", "'{}' is no currency code", "currency"
)

MAINLAND = "({0} BETWEEN TIME '09:15' AND TIME '11:30' OR {0} BETWEEN TIME '13:00' AND TIME '15:30')"
HONGKONG = "({0} BETWEEN TIME '09:00' AND TIME '12:00' OR {0} BETWEEN TIME '13:00' AND TIME '16:10')"


def in_session(moment: str) -> str:
    """SQL (DuckDB): whether a moment lies in a session of `exchange`, auctions and after-hours trading included."""
    clock = f"CAST(timezone('Asia/Shanghai', {moment}) AS TIME)"
    return (
        f"CASE exchange WHEN 'OTC' THEN true WHEN 'HK' THEN {HONGKONG.format(clock)} ELSE {MAINLAND.format(clock)} END"
    )


def code_checks(exchange: str = "exchange", code: str = "code") -> tuple[Check, ...]:
    """Codes are six digits on the mainland and five in Hong Kong; leading zeros belong to them."""
    mainland = f"{exchange} IN ('SH', 'SZ', 'BJ') AND NOT regexp_full_match({code}, '[0-9]{{6}}')"
    hongkong = f"{exchange} = 'HK' AND NOT regexp_full_match({code}, '[0-9]{{5}}')"
    message = "'{}' is no code of this exchange: six digits on SH, SZ and BJ, five on HK, with leading zeros"
    return (Check("E_TYPE", code, f"({mainland}) OR ({hongkong})", message, code),)
