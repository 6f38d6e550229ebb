"""Makes the result of a back-test: the days, the work, what other strategies met the same clients, and a sample."""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from clients.lake import manifest as manifests
from clients.market.calendar import Calendar
from clients.portrait.building import TABLE
from kpm.engine.backtest import replay_into
from kpm.strategies.backtesting.loads import load_of
from kpm.strategies.backtesting.overlap import overlap_of
from kpm.strategies.backtesting.past import Rows, open_rows
from kpm.strategies.backtesting.sampling import sample_of
from kpm.strategies.backtesting.turns import turns_of
from kpm.strategies.models import StrategyVersion

FOUND = "replayed"
KEPT = ("branch_id", "manager_id")
BY_DAY = f"SELECT day, count(*), count(*) FILTER (is_new) FROM {FOUND} GROUP BY day"
CLIENTS = f"SELECT count(DISTINCT client_id), count(DISTINCT client_id) FILTER (is_new) FROM {FOUND}"


@dataclass(frozen=True)
class Replayed:
    """What a replay gives: the `result` for the page, and the `sample` whose goal is followed up."""

    result: dict[str, Any]
    sample: list[list[Any]]
    input_hash: str


def replay(version: StrategyVersion, days: Sequence[date], cal: Calendar, *, tell: Callable[[str], None]) -> Replayed:
    """Replay a version over trading days; `tell` hears the name of each step when it begins.

    Raises past.CannotTell and kpm.engine.problem.ConditionError.
    """
    tell("days")
    with open_rows(version, days) as rows:
        replay_into(rows.source, rows.member, turns_of(version, rows.past.read, cal), into=FOUND, keep=KEPT)
        result = _days_of(rows)
        tell("load")
        result["load"] = load_of(rows.con, version)
        tell("overlap")
        result["overlap"] = overlap_of(rows.con, version, rows.past.read)
        tell("sample")
        sample = sample_of(rows) if version.goal else []
    return Replayed(result, sample, input_hash(version, days))


def input_hash(version: StrategyVersion, days: Sequence[date]) -> str:
    """Return 64 hex digits that change when what is replayed, or what it is replayed on, does."""
    said = (version.condition, version.population, version.occurrence, version.occurrence_from)
    told = [*said, str(version.cooldown_n), version.cooldown_unit, str(version.strategy.steward_branch_id or "")]
    told += [f"{found.day} {found.version}" for found in manifests.of_days(TABLE, days)]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _days_of(rows: Rows) -> dict[str, Any]:
    counts = {day: (matched, new) for day, matched, new in rows.con.execute(BY_DAY).fetchall()}
    clients, met = rows.con.execute(CLIENTS).fetchall()[0]
    return {
        "days": [[f"{day}", *counts.get(day, (0, 0))] for day in rows.past.read],
        "recomputed": len(rows.past.recomputed),
        "left_out": [[reason, n] for reason, n in Counter(rows.past.left_out.values()).most_common()],
        "clients": clients,
        "clients_new": met,
    }
