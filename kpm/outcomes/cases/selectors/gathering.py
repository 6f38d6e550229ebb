"""The clients of a case and comparable others, as they were on the day before the service.

    gather(case) -> Gathered    # a table for the search, and how many had no facts

Comparable is who was in the same group of tier, assets and activity that day, was not served in the case, and was not
served by the strategy that it comes from. Those of the same branches come first, the rest of the company fills up.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from clients.portrait import selectors as portrait
from kpm.engine.catalogue import Feature
from kpm.outcomes.cases.settings import figures
from kpm.outcomes.cases.table import Cell, Table
from kpm.outcomes.models import SuccessCase
from kpm.strategies.catalogue_of import catalogue
from kpm.strategies.models import Hit

READ = {"bool": "DOUBLE", "int": "DOUBLE", "decimal": "DOUBLE", "enum": "VARCHAR"}  # what a comparison can part
Row = tuple[int, bool, list[Cell]]  # client, of the case or not, values

# Groups are numbered from what the day knows: quintiles of assets, no or few or many days with trades.
DAY = """
CREATE OR REPLACE TEMP TABLE day AS
SELECT client_id, branch_id, md5(client_id::VARCHAR || '{salt}') AS place, client_id IN ({served}) AS of_case,
    {tier} AS tier, least(floor(percent_rank() OVER (ORDER BY {assets} NULLS FIRST) * 5), 4) AS assets,
    least(ceil(coalesce({activity}, 0) / 5), 2) AS activity
FROM {relation} WHERE client_id NOT IN ({excluded})
"""
# The lowest places of a group, so many for each client of the case in it; those of his branch come first.
CHOSEN = """
CREATE OR REPLACE TEMP TABLE chosen AS
WITH wanted AS (SELECT tier, assets, activity, count(*) * {each} AS n, list(DISTINCT branch_id) AS branches
    FROM day WHERE of_case GROUP BY ALL),
ranked AS (SELECT d.client_id, w.n, row_number() OVER (PARTITION BY d.tier, d.assets, d.activity
        ORDER BY list_contains(w.branches, d.branch_id) DESC, d.place) AS nth
    FROM day AS d JOIN wanted AS w ON (d.tier, d.assets, d.activity) IS NOT DISTINCT FROM (w.tier, w.assets, w.activity)
    WHERE NOT d.of_case)
SELECT client_id, FALSE AS of_case FROM ranked WHERE nth <= n UNION ALL SELECT client_id, TRUE FROM day WHERE of_case
"""
FACTS = "SELECT client_id, of_case, {columns} FROM chosen JOIN {relation} AS f USING (client_id) ORDER BY 1"


@dataclass(frozen=True)
class Gathered:
    """The table of a search; of `unknown` clients of the case no day before the service is kept."""

    table: Table
    unknown: int

    @property
    def served(self) -> int:
        """Clients of the case in the table."""
        return sum(self.table.served)

    @property
    def compared(self) -> int:
        """Comparable clients in the table."""
        return len(self.table.served) - self.served


def gather(case: SuccessCase) -> Gathered:
    """Return the table of a case's clients and comparable others, each as of the day before the service."""
    read, rows, out = features(), list[Row](), _served_otherwise(case)
    served = dict(case.clients.values_list("client_id", "served_on"))
    for day, clients in _by_day(served):
        known = {*out, *served, *(row[0] for row in rows)} - set(clients)
        rows += _of_day(case, day, clients, known, read)
    there = sum(row[1] for row in rows)
    return Gathered(_table(case, rows, read), len(served) - there)


def features() -> list[Feature]:
    """Return the features that a rule of a case may read: comparable, computed, and caused by no service."""
    said, waits = figures(), portrait.waiting_features()
    out = {*said.left_out, *said.matched, *waits}
    groups = set(said.left_out_groups)
    return [one for name, one in sorted(catalogue().features.items()) if _may(one, out, groups)]


def _may(one: Feature, out: set[str], groups: set[str]) -> bool:
    return one.active and one.dtype in READ and one.name not in out and one.group not in groups and not one.process


def _by_day(served: dict[int, date]) -> Iterator[tuple[date, list[int]]]:
    """The clients by the last day with features before they were served, as far as one is near enough."""
    known = {on: _day_before(on) for on in set(served.values())}
    dated = sorted((day, client) for client, on in served.items() if (day := known[on]) is not None)
    for day, group in groupby(dated, key=lambda one: one[0]):
        yield day, [client for _day, client in group]


def _day_before(served_on: date) -> date | None:
    day = portrait.last_feature_day(served_on - timedelta(days=1))
    return day if day and (served_on - day).days <= figures().look_back_days else None


def _of_day(
    case: SuccessCase, day: date, clients: Sequence[int], excluded: set[int], read: Sequence[Feature]
) -> list[Row]:
    """Those of the case and their comparable others of one day; nobody who is excluded."""
    there = portrait.feature_columns(day)
    columns = ", ".join(_column(one) if one.name in there else f"NULL AS {one.name}" for one in read)
    with portrait.open_features(day) as (con, relation):
        con.execute(_day_sql(case, relation, clients, excluded))
        con.execute(CHOSEN.format(each=figures().others_each))
        found = con.execute(FACTS.format(columns=columns, relation=relation)).fetchall()
    return [(row[0], row[1], list(row[2:])) for row in found]


def _column(one: Feature) -> str:
    return f'CAST(f."{one.name}" AS {READ[one.dtype]}) AS "{one.name}"'


def _served_otherwise(case: SuccessCase) -> set[int]:
    """Whom the strategy of a case has been delivered to."""
    if case.origin_id is None:
        return set()
    return set(Hit.objects.filter(strategy=case.origin_id, delivered_at__isnull=False).values_list("client", flat=True))


def _day_sql(case: SuccessCase, relation: str, clients: Sequence[int], excluded: set[int]) -> str:
    tier, assets, activity = figures().matched
    return DAY.format(
        salt=f"case:{case.pk}", served=_numbers(clients), excluded=_numbers(excluded), tier=tier, assets=assets,
        activity=activity, relation=relation,
    )  # fmt: skip


def _numbers(some: Iterable[int]) -> str:
    return ", ".join(str(int(one)) for one in some) or "-1"


def _table(case: SuccessCase, rows: Sequence[Row], read: Sequence[Feature]) -> Table:
    """The rows as the search takes them; which half a client is in follows from his number and the case."""
    return Table(
        tuple(one.name for one in read), [row[2] for row in rows], [row[1] for row in rows],
        [hashlib.sha256(f"{case.pk}:{row[0]}".encode()).digest()[0] % 2 == 0 for row in rows],
        frozenset(one.name for one in read if one.dtype == "int"),
    )  # fmt: skip
