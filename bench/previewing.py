"""How long a preview takes while an author moves a threshold, over a lake of features that is generated for it.

    preview_ms(clients)   # in a database whose record may be empty, with LAKE_SHARED as web servers have it

Every column of the catalogue is there, so a statement has to pick its own out of all of them. What is measured is the
first answer: matched, unknown and the funnel of steps 2 to 6 by branch, with its queries to the record.
"""

import statistics
import time
from collections.abc import Iterator
from datetime import date
from datetime import time as of_day

import duckdb

from clients.lake import paths
from clients.lake.publishing import writing
from clients.lake.reading import kept_open, open_lake
from clients.org.models import Branch
from clients.portrait import catalogue
from clients.shared import clock
from kpm.strategies import funnels, lakegates
from kpm.strategies.models import Strategy, StrategyVersion
from kpm.strategies.services.compiling import compiled
from kpm.strategies.services.gatecolumns import COLUMNS

DAY = date(2026, 11, 20)
BRANCHES = 50
ROUNDS = 5  # thresholds that each condition is tried with
# One, two and several features; {0} is the threshold that moves.
CONDITIONS = (
    "account_age_days >= {0}",
    "account_age_days >= {0} AND cash_available > 100",
    "(login_days_30d < {0} OR login_days_30d IS NULL) AND account_age_days > 60 AND client_risk_level >= 2",
    "cash_ratio > 0.5 AND account_age_days BETWEEN 30 AND 18{0} AND trade_count_30d <= 5 AND cash_available >= 2000",
)
GATES = {
    "gone": "h % 97 = 0", "not_served": "h % 41 = 0", "on_hold": "h % 53 = 0", "marketing": "h % 3 <> 0",
    "service_push": "CASE WHEN h % 5 = 0 THEN h % 2 = 0 END",
    "automated_decision": "CASE WHEN h % 31 = 0 THEN FALSE END",
    "refused": "CASE WHEN h % 19 = 0 THEN ['sms'] END", "risk_level": "CASE WHEN h % 7 <> 0 THEN 1 + h % 5 END",
    "lowest": "CASE WHEN h % 7 <> 0 THEN h % 131 = 0 END", "silent": "CASE WHEN h % 83 = 0 THEN ['all:'] END",
}  # fmt: skip


def preview_ms(clients: int) -> float:
    """Return the median milliseconds of a preview of `clients` clients; the lake must have no features yet."""
    branches = [Branch.objects.create(code=f"P{n:03}", name=f"{n}") for n in range(BRANCHES)]
    with open_lake() as con:
        _write(con, clients, [branch.pk for branch in branches])
    with kept_open():
        return statistics.median(_timed(clients))


def _timed(clients: int) -> Iterator[float]:
    version = _version()
    for condition in CONDITIONS:
        for number in range(ROUNDS + 1):
            version.condition = condition.format(20 + 3 * number)
            begun = time.perf_counter()
            found = funnels.preview_funnel(version, DAY)
            if found is None or found.matched + found.not_matched + found.unknown != clients:
                raise AssertionError("the preview did not see every client")
            if number:  # the first of a condition opens files and plans what the author then changes
                yield (time.perf_counter() - begun) * 1000


def _version() -> StrategyVersion:
    strategy = Strategy.objects.create(
        code="P-1", name_zh="例", name_en="Case", lifecycle="growth", business="trading", family="例"
    )
    return StrategyVersion(
        strategy=strategy, number=1, purpose="marketing", action="task", handler="client_manager", channels=["phone"],
        condition=CONDITIONS[0].format(1), cooldown_n=5, suitability_gate=True, product_level=3,
        **compiled(CONDITIONS[0].format(1)),
    )  # fmt: skip


def _write(con: duckdb.DuckDBPyConnection, clients: int, branches: list[int]) -> None:
    notes = {
        "now": clock.at_shanghai(DAY, of_day(20)).isoformat(), "licensed": True, "closed": [], "permissions": {},
        "fitting": [[level, f"C{of}"] for level in range(1, 6) for of in range(level, 6)],
    }  # fmt: skip
    columns = ", ".join(f'{_column(one)} AS "{one.name}"' for one in catalogue.features())
    keys = ", ".join(f'CAST(h % 9 AS VARCHAR) AS "{one.name}__key"' for one in catalogue.features() if one.key)
    gates = ", ".join(f"CAST({GATES.get(name, 'NULL')} AS {kind}) AS {name}" for name, kind in _of_gates())
    who = f"i AS client_id, {branches}[1 + i % {len(branches)}] AS branch_id"
    for table, listed in (("features", f"{columns}, {keys}"), (lakegates.TABLE, gates)):
        with writing(table, DAY) as draft:
            draft.notes = notes
            for start in range(0, clients, paths.BUCKET_SIZE):
                numbers = f"range({start}, {min(start + paths.BUCKET_SIZE, clients)})"
                rows = f"SELECT {who}, {listed} FROM (SELECT range AS i, hash(range) AS h FROM {numbers}) ORDER BY i"
                draft.write(con, paths.bucket(start), rows)


def _of_gates() -> list[tuple[str, str]]:
    return [(name, kind) for name, kind in COLUMNS.items() if name not in ("client_id", "branch_id")]


def _column(feature: catalogue.Feature) -> str:
    """A value that depends on the client alone; about one in eleven is missing."""
    of = f"hash(i + {sum(map(ord, feature.name))}::BIGINT * 1000003)"
    listed = "[" + ", ".join(f"'{value}'" for value in feature.values or ("a", "b")) + "]"
    written = {
        "bool": f"{of} % 3 = 0", "int": f"{of} % 200", "decimal": f"({of} % 4000) / 7.0",
        "date": f"DATE '{DAY}' - CAST({of} % 900 AS INTEGER)", "text": f"'t' || {of} % 100",
        "enum": f"{listed}[1 + CAST({of} % {len(feature.values or 'ab')} AS INTEGER)]", "list": listed,
    }[feature.dtype]  # fmt: skip
    return f"CAST(CASE WHEN {of} % 11 <> 0 THEN {written} END AS {feature.type})"
