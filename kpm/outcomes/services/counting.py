"""Both arms of every version, counted from outcomes that stand: over all, in branches, months and groups of clients."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import Any

from django.db import connection

from kpm.outcomes.comparing import Cell
from kpm.outcomes.formulas import Arm

# Only hits that would have won with nobody held out are compared: that does not depend on the draw. Refills are none.
COMPARED = """
WITH compared AS (
    SELECT h.id, h.version_id, h.branch_id, h.strategy_id, h.client_id, h.first_day, h.used_on, h.arm, o.value,
        o.window_end, date_trunc('month', h.used_on)::date AS month, coalesce(h.factors ->> 'segment', '') AS tier
    FROM outcomes_outcome o JOIN strategies_hit h ON h.id = o.hit_id
    WHERE h.would_win AND NOT h.refill AND o.window_end <= %(day)s AND o.reason NOT IN ('no_goal', 'waits')
        AND NOT EXISTS (SELECT FROM outcomes_outcome c WHERE c.corrects_id = o.id))
"""
ARMS = f"""{COMPARED}
SELECT version_id, branch_id, month, tier, arm, count(value), count(*) FILTER (WHERE value),
    count(*) - count(value), GROUPING(tier) = 0
FROM compared GROUP BY GROUPING SETS (
    (version_id, arm), (version_id, branch_id, arm), (version_id, month, arm), (version_id, branch_id, month, arm),
    (version_id, branch_id, tier, arm))
"""
# Clients, each once, whose arm was drawn while the version's own percentage held.
DRAWN = f"""{COMPARED}, begun AS (SELECT version_id, min(first_day) AS day FROM compared GROUP BY 1)
SELECT c.version_id, count(DISTINCT c.client_id) FILTER (WHERE c.arm <> 'held_out'),
    count(DISTINCT c.client_id) FILTER (WHERE c.arm = 'held_out'),
    -- the share at which each of them was drawn: a pilot holds out more than what comes after it
    avg(coalesce(a.pct, v.holdout_pct)) / 100
FROM compared c JOIN begun b USING (version_id) JOIN strategies_strategyversion v ON v.id = c.version_id
JOIN strategies_assignment a ON a.strategy_id = c.strategy_id AND a.client_id = c.client_id AND a.assigned_on >= b.day
GROUP BY 1
"""
# A held-out client whom the same strategy served within his window, by another occurrence or by hand.
SPOILT = f"""{COMPARED}
SELECT c.version_id, avg(CASE WHEN EXISTS (
    SELECT FROM strategies_hit o WHERE o.strategy_id = c.strategy_id AND o.client_id = c.client_id
        AND o.delivered_at IS NOT NULL AND o.used_on BETWEEN c.used_on AND c.window_end) THEN 1.0 ELSE 0.0 END)
FROM compared c WHERE c.arm = 'held_out' GROUP BY 1
"""
PACE = f"""{COMPARED}
SELECT version_id, window_end, count(value), (min(min(used_on)) OVER (PARTITION BY version_id)) AS begun
FROM compared GROUP BY 1, 2
"""
NOBODY = Arm(0, 0)


@dataclass(frozen=True)
class Place:
    """A version, over all branches or in one, of all months or of one."""

    version: int
    branch: int | None = None
    month: date | None = None

    @property
    def whole(self) -> bool:
        """Whether it is all of the version."""
        return self.branch is None and self.month is None


@dataclass
class Arms:
    """Both arms of a place, and of its groups of clients by branch and tier."""

    treated: Arm = NOBODY
    held: Arm = NOBODY
    groups: dict[tuple[int, str], Cell] = field(default_factory=dict)


@dataclass(frozen=True)
class Drawn:
    """Clients by arm, and the share of them that was to be held out when they were drawn; 0 is not known."""

    treated: int = 0
    held: int = 0
    share: float = 0.0


@dataclass(frozen=True)
class Pace:
    """The day of the first hit with an outcome, and the outcomes of the middle one of the last trading days."""

    begun: date
    daily: float


NONE = Drawn()


def arms(day: date) -> Mapping[Place, Arms]:
    """Return both arms of every place that has an outcome whose window closed up to `day`."""
    found: dict[Place, Arms] = defaultdict(Arms)
    for version, branch, month, tier, arm, n, x, missing, grouped in _rows(ARMS, day):
        seen = Arm(n, x, missing)
        if grouped:
            for place in (Place(version), Place(version, branch)):
                _join(found[place].groups, (branch, tier), seen, held=arm == "held_out")
        elif arm == "held_out":
            found[Place(version, branch, month)].held = seen
        else:
            found[Place(version, branch, month)].treated = seen
    return found


def _join(groups: dict[tuple[int, str], Cell], key: tuple[int, str], seen: Arm, *, held: bool) -> None:
    treated, other = groups.get(key, (NOBODY, NOBODY))
    groups[key] = (treated, seen) if held else (seen, other)


def drawn(day: date) -> Mapping[int, Drawn]:
    """Return for each version the clients whose arm was drawn for it."""
    return {version: Drawn(treated, held, float(share)) for version, treated, held, share in _rows(DRAWN, day)}


def spoilt(day: date) -> Mapping[int, float]:
    """Return for each version the share of its held-out hits whose client was served by its strategy all the same."""
    return {version: float(share) for version, share in _rows(SPOILT, day)}


def paces(day: date, trading_days: list[date]) -> Mapping[int, Pace]:
    """Return how fast outcomes of each version come, over the trading days given."""
    counted: dict[int, dict[date, int]] = defaultdict(dict)
    begun: dict[int, date] = {}
    for version, end, n, first in _rows(PACE, day):
        counted[version][end], begun[version] = n, first
    return {
        version: Pace(begun[version], float(median(ends.get(one, 0) for one in trading_days)))
        for version, ends in counted.items()
    }


def _rows(sql: str, day: date) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"day": day})
        return cursor.fetchall()
