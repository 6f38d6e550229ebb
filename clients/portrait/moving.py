"""A client may leave any day, and others arrive: the steps of both ways, as one dated path.

path_of(client_id, day, screen=True) -> steps, the oldest first
share_of_wallet(here, elsewhere) -> the share of his assets that lies with us, None where it is not known
weekly(risk) -> the chance of leaving in one week, from that of leaving within ninety days
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

import duckdb

from clients.lake import paths
from clients.lake.reading import open_lake, view

WATCHED = 120  # natural days up to the day of which steps are told
HORIZON = 90  # natural days, of the trait of leaving
MUCH = "0.3"  # of his assets: less cash in or out is no step
TABLES = ("accounts", "cashflows", "trades", "event_days", "asset_days")


class Way(StrEnum):
    """In which direction a step goes."""

    IN, OUT = "in", "out"


@dataclass(frozen=True)
class Step:
    """One step on a day: its kind, its way, and how much moved (CNY; None where nothing did)."""

    day: date
    kind: str
    way: Way
    amount: Decimal | None


# Account rows are states by day: a step is what differs from the day before.
STEPS = f"""
    WITH accounts_by_day AS (
        SELECT *, lag(designated) OVER one AS designated_before, lag(depository) OVER one AS depository_before,
            lag(status) OVER one AS status_before
        FROM accounts WHERE client_id = $client WINDOW one AS (PARTITION BY id ORDER BY day)
    ),
    flows AS (SELECT day, kind, sum(abs(amount)) AS amount FROM cashflows WHERE client_id = $client GROUP BY ALL),
    assets AS (SELECT day, max(total) AS total FROM asset_days WHERE client_id = $client GROUP BY ALL)
    SELECT DISTINCT opened_on AS day, 'opened' AS kind, 'in' AS way, NULL AS amount FROM accounts_by_day
    WHERE kind = 'fund' AND opened_on > $since
    UNION ALL
    SELECT f.day, f.kind, CASE WHEN f.kind IN ('custody_in', 'bank_in') THEN 'in' ELSE 'out' END, f.amount
    FROM flows AS f LEFT JOIN assets AS a ON a.day = f.day
    WHERE f.kind IN ('custody_in', 'custody_out')
        OR (f.kind = 'bank_in' AND f.amount >= {MUCH} * coalesce(a.total, 0))
        OR (f.kind = 'bank_out' AND f.amount >= {MUCH} * (coalesce(a.total, 0) + f.amount))
    UNION ALL
    SELECT min(day), 'first_trade', 'in', NULL FROM trades WHERE client_id = $client
    HAVING min(day) > $since + 30
    UNION ALL
    SELECT day, 'looked_at_fees', 'out', NULL FROM event_days
    WHERE client_id = $client AND meaning = 'commission_page_viewed' AND $screen GROUP BY ALL
    UNION ALL
    SELECT day, 'bank_changed', 'out', NULL FROM accounts_by_day
    WHERE depository IN ('none', 'changing') AND depository_before = 'active' GROUP BY ALL
    UNION ALL
    SELECT day, 'designation_withdrawn', 'out', NULL FROM accounts_by_day
    WHERE designated_before AND NOT designated GROUP BY ALL
    UNION ALL
    SELECT day, 'closed', 'out', NULL FROM accounts_by_day
    WHERE status = 'closed' AND status_before <> 'closed' AND kind = 'fund' GROUP BY ALL
    ORDER BY day, kind
"""


def path_of(client_id: int, day: date, *, screen: bool = True) -> list[Step]:
    """Return the steps of a client in the time up to a day, the oldest first.

    Without `screen` (he does not want to be analysed by what he does there) those of the screen are left out. A first
    trade counts where nothing was traded in the first month that is looked at.
    """
    since = day - timedelta(days=WATCHED)
    with open_lake() as con:
        rows = con.execute(_over(con, client_id, since, day), _named(client_id, since, screen)).fetchall()
    return [Step(on, kind, Way(way), amount) for on, kind, way, amount in rows]


def _over(con: duckdb.DuckDBPyConnection, client_id: int, since: date, day: date) -> str:
    days = [since + timedelta(days=n) for n in range((day - since).days + 1)]
    for table in TABLES:
        view(con, table, days, part=paths.bucket(client_id))
    return STEPS


def _named(client_id: int, since: date, screen: bool) -> dict[str, object]:
    return {"client": client_id, "since": since, "screen": screen}


def share_of_wallet(here: Decimal | None, elsewhere: Decimal | None) -> Decimal | None:
    """Return the share of a client's assets that lies with us, 0 to 1; None unless he told what lies elsewhere."""
    if here is None or elsewhere is None or here + elsewhere <= 0:
        return None
    return here / (here + elsewhere)


def weekly(risk: float) -> float:
    """Return the hazard of one week, from the chance of leaving within the horizon: equal in every week of it."""
    return float(1 - (1 - risk) ** (7 / HORIZON))
