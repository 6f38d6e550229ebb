"""Features within the day: some groups computed anew for the clients of whom something new has arrived.

    compute_slot(slot="event", day=today, cutoff=now, since=then) -> clients

The row of such a client is last night's, with the columns of the slot's groups as of now; it lies beside the day as
`features_<slot>` and never over it. What the groups read of the day itself is the slot's `fresh` tables; of everything
else (holdings, accounts, prices) the last state is that of the night.
"""

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import duckdb

from clients.lake import locks, paths
from clients.lake.folding import Running
from clients.lake.publishing import notes_of, writing
from clients.lake.reading import open_lake, relation
from clients.portrait import building, catalogue, consent
from clients.portrait.building import TABLE
from clients.portrait.carrying import carry_on
from clients.portrait.daytables import DayTable
from clients.portrait.event_states import EVENT_DAYS, EVENT_STATES
from clients.portrait.sources import AsOf

LATE = timedelta(days=2)  # what arrives may belong to the day before, as from a phone that was offline


@dataclass(frozen=True)
class Slot:
    """What a slot computes: `groups`, of what happened in `source`; `tables` and `states` are brought up first."""

    groups: tuple[str, ...]
    source: str
    tables: tuple[DayTable, ...]
    states: tuple[Running, ...]

    @property
    def fresh(self) -> frozenset[str]:
        """The tables that are read as of now."""
        return frozenset([self.source, *(t.table for t in self.tables), *(s.table for s in self.states)])


SLOTS = {"event": Slot(groups=("behaviour",), source="events", tables=(EVENT_DAYS,), states=EVENT_STATES)}


def table_of(slot: str) -> str:
    """Return the lake table with the features of a slot; "" is the night's."""
    return f"{TABLE}_{slot}" if slot else TABLE


def groups_of(slot: str) -> tuple[str, ...]:
    """Return the feature groups that a slot computes anew; none for a slot that reads the night's features."""
    return SLOTS[slot].groups if slot in SLOTS else ()


def mended(slot: str, stale: Collection[str]) -> set[str]:
    """Return the features that a slot makes known again when they were unknown at night, of which `stale` lacked rows.

    Of a table that the slot reads as of the night, the rows that were missing then are still missing.
    """
    if slot not in SLOTS:
        return set()
    of = SLOTS[slot]
    anew = [one for one in catalogue.features() if one.group in of.groups and not one.waits]
    return {one.name for one in anew if one.name not in stale or of.fresh.issuperset(one.freshness)}


def alone() -> AbstractContextManager[None]:
    """One computation at a time: two would replace each other's snapshots under their hands."""
    return locks.held(paths.root() / ".night")


class OtherCatalogue(Exception):
    """The night's features have other columns than the catalogue in force: the two cannot make one row."""


def compute_slot(*, slot: str, day: date, night: date, cutoff: datetime, since: datetime) -> int:
    """This will publish the rows of `day` for clients of whom something arrived after `since`; how many clients.

    `night` is the last day whose features are published. Nothing is published when nothing arrived. Raises
    OtherCatalogue from a change of the catalogue until the next night has computed by it, building.GroupFailed when the
    file of a group cannot be computed, and CannotCarryOn when what it reads cannot be brought up; who was touched is
    looked at when it was mended.
    """
    of, at = SLOTS[slot], AsOf(day, cutoff, night, SLOTS[slot].fresh)
    with alone():
        with open_lake() as con:
            touched = _touched(con, of, day, cutoff, since)
        if not touched:
            return 0
        _same_catalogue(slot, night)
        carry_on(AsOf(day, cutoff), tables=of.tables, late=of.states)
        return _publish(slot, at, touched)


def _same_catalogue(slot: str, night: date) -> None:
    noted = notes_of(TABLE, night).get("catalogue", "none")
    if noted != catalogue.fingerprint():
        raise OtherCatalogue(
            f"The features of {night} were computed by another catalogue ({noted}) than the one in force"
            f" ({catalogue.fingerprint()}); the slot {slot} goes on when the next night has computed by it."
        )


def _touched(con: duckdb.DuckDBPyConnection, of: Slot, day: date, cutoff: datetime, since: datetime) -> list[int]:
    days = [day - timedelta(days=back) for back in reversed(range(LATE.days + 1))]
    rows = con.execute(
        f"""SELECT DISTINCT client_id FROM {relation(of.source, days)} WHERE client_id IS NOT NULL
        AND arrived_at > TIMESTAMPTZ '{since.isoformat()}' AND arrived_at <= TIMESTAMPTZ '{cutoff.isoformat()}'
        ORDER BY 1"""
    )
    return [client for (client,) in rows.fetchall()]


def _publish(slot: str, at: AsOf, touched: Sequence[int]) -> int:
    written = 0
    with open_lake() as con, writing(table_of(slot), at.day) as draft:
        building.prepare(con, at)
        con.execute("CREATE TEMP TABLE touched AS SELECT unnest(?::BIGINT[]) AS client_id", [list(touched)])
        consent.refuse_now(con, touched)
        for part in sorted({paths.bucket(client) for client in touched}):
            bucket = building.Bucket(con, at, part, among="touched")
            for group in SLOTS[slot].groups:
                bucket.compute(group)
            written += draft.write(con, part, _select(slot, at, part))
    return written


def _select(slot: str, at: AsOf, part: str) -> str:
    """Last night's rows of the touched clients, with the columns of the slot's groups replaced.

    Who has refused since the night has nothing left of what the night knew either.
    """
    groups = SLOTS[slot].groups
    features = [one for one in catalogue.features() if one.group in groups and not one.waits]
    columns = ", ".join([*building.columns_of(features), *_of_the_night(groups)])
    joins = " ".join(f'LEFT JOIN "{group}" ON "{group}".client_id = c.client_id' for group in groups)
    night = relation(TABLE, [at.record_day or at.day], part=part)
    return f"""SELECT c.* REPLACE ({columns}) FROM {night} c SEMI JOIN touched t ON t.client_id = c.client_id {joins}
        {consent.JOIN} ORDER BY c.client_id"""


def _of_the_night(groups: Collection[str]) -> list[str]:
    """The columns of other groups that ask for consent."""
    asking = [one for one in catalogue.features() if one.group not in groups and one.purpose == catalogue.BEHAVIOUR]
    names = [(one, name) for one in asking for name in (one.name, f"{one.name}__key")[: 1 + one.key]]
    return [f"{consent.respected(one, f'c.{name}')} AS {name}" for one, name in names]
