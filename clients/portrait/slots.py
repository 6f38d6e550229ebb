"""Features within the day: some groups computed anew, for the clients of whom something new has arrived or for all.

    compute_slot(slot="event", day=today, cutoff=now, since=then) -> clients
    compute_morning(slot="pre_open_0830", day=today, night=night, cutoff=now) -> clients

The row of such a client is last night's, with the columns of the slot's groups as of now; it lies beside the day as
`features_<slot>` and never over it. What the groups read of the day itself is the slot's `fresh` tables; of everything
else (holdings, margin, prices) the last state is that of the night. A client of whom something arrived earlier in the
day keeps the row of then, marked as seen before (`SEEN_NOW` is false): a run judges only what is new, and whoever asks
later what was known of him finds it.

A group whose file fails leaves its features unknown for everybody, as at night; the others go on. Until it is mended
every computation looks again at all of whom something arrived since it first failed.
"""

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta

import duckdb

from clients.lake import locks, mirroring, paths
from clients.lake import manifest as manifests
from clients.lake.publishing import Draft, notes_of, writing
from clients.lake.reading import open_lake, relation
from clients.portrait import building, catalogue, consent
from clients.portrait.building import TABLE, GroupFailed
from clients.portrait.carrying import carry_on
from clients.portrait.slotting import SEEN_NOW, SLOTS, Slot, table_of
from clients.portrait.sources import AsOf

log = logging.getLogger(__name__)
LATE = timedelta(days=2)  # what arrives may belong to the day before, as from a phone that was offline


def alone() -> AbstractContextManager[None]:
    """One computation at a time: two would replace each other's snapshots under their hands."""
    return locks.held(paths.root() / ".night")


class OtherCatalogue(Exception):
    """The night's features have other columns than the catalogue in force: the two cannot make one row."""


def compute_slot(*, slot: str, day: date, night: date, cutoff: datetime, since: datetime) -> int:
    """This will publish the rows of `day` for clients of whom something arrived after `since`; how many clients.

    `night` is the last day whose features are published. Nothing is published when nothing arrived. Raises
    OtherCatalogue from a change of the catalogue until the next night has computed by it, and CannotCarryOn when what a
    slot reads cannot be brought up; who was touched is looked at when it was mended.
    """
    of, since = SLOTS[slot], min(since, _failing_since(slot, day) or since)
    at = AsOf(day, cutoff, night, of.fresh)
    with alone():
        _mirror(of.mirrored, day, cutoff)
        with open_lake() as con:
            touched = _touched(con, of, at, since)
        if not touched:
            return 0
        _same_catalogue(slot, night)
        _mirror(of.snapshots, day, cutoff)
        carry_on(AsOf(day, cutoff), tables=of.tables, late=of.states)
        return _publish(slot, at, touched, since)


def compute_morning(*, slot: str, day: date, night: date, cutoff: datetime) -> int:
    """This will publish the rows of `day` for everybody who is in the features of `night`; how many clients.

    Raises as `compute_slot` does.
    """
    of = SLOTS[slot]
    with alone():
        _same_catalogue(slot, night)
        _mirror((*of.mirrored, *of.snapshots), day, cutoff)
        carry_on(AsOf(day, cutoff), tables=of.tables, late=of.states)
        return _publish(slot, AsOf(day, cutoff, night, of.fresh), None, None)


def _mirror(tables: Collection[str], day: date, cutoff: datetime) -> None:
    if tables:
        mirroring.mirror_day(day=day, cutoff=cutoff, tables=tables)


def _same_catalogue(slot: str, night: date) -> None:
    noted = notes_of(TABLE, night).get("catalogue", "none")
    if noted != catalogue.fingerprint():
        raise OtherCatalogue(
            f"The features of {night} were computed by another catalogue ({noted}) than the one in force"
            f" ({catalogue.fingerprint()}); the slot {slot} goes on when the next night has computed by it."
        )


def _touched(con: duckdb.DuckDBPyConnection, of: Slot, at: AsOf, since: datetime) -> list[int]:
    days = [at.day - timedelta(days=back) for back in reversed(range(LATE.days + 1))]
    new = f"arrived_at > TIMESTAMPTZ '{since.isoformat()}' AND arrived_at <= TIMESTAMPTZ '{at.cutoff.isoformat()}'"
    asked = [f"SELECT client_id FROM {relation(one, days)} WHERE client_id IS NOT NULL AND {new}" for one in of.told]
    named = [f"SELECT security_id FROM {relation(one, days)} WHERE {new}" for one in of.about]
    if named:
        con.execute(f"CREATE TEMP TABLE named AS SELECT DISTINCT security_id FROM ({' UNION ALL '.join(named)})")
        asked += list(_concerned(at))
    rows = con.execute(f"SELECT DISTINCT client_id FROM ({' UNION ALL '.join(asked)}) ORDER BY 1")
    return [client for (client,) in rows.fetchall()]


def _concerned(at: AsOf) -> Iterator[str]:
    """Who holds a security that something new names, or watches it, by the state of the night."""
    night = [at.record_day or at.day]
    yield f"SELECT client_id FROM {relation('positions', night)} SEMI JOIN named USING (security_id) WHERE quantity > 0"
    yield f"""SELECT w.client_id FROM {relation("watched", night)} w
        JOIN {relation("securities", night)} s ON s.code || '.' || s.exchange = w.symbol
        SEMI JOIN named ON named.security_id = s.id"""


def _failing_since(slot: str, day: date) -> datetime | None:
    """From when on clients have to be looked at again, because a group failed when they were; None when none did."""
    days = [day - timedelta(days=back) for back in range(LATE.days + 1)]
    newest = next((notes for one in days if (notes := notes_of(table_of(slot), one))), {})
    return datetime.fromisoformat(newest["since"]) if newest.get("since") else None


def _publish(slot: str, at: AsOf, touched: Sequence[int] | None, since: datetime | None) -> int:
    """Publish a slot with all groups that can be computed, each for all parts or for none; how many clients."""
    failed: dict[str, str] = {}
    while True:
        try:
            return _without(failed, slot, at, touched, since)
        except GroupFailed as fault:
            log.error("the slot %s of %s goes on without %s", slot, at.day, fault)
            failed[fault.group] = str(fault)


def _without(
    failed: Mapping[str, str], slot: str, at: AsOf, touched: Sequence[int] | None, since: datetime | None
) -> int:
    """Write the rows of the touched clients, None meaning everybody, and behind them those of earlier in the day."""
    with open_lake() as con, writing(table_of(slot), at.day) as draft:
        draft.notes = {"catalogue": catalogue.fingerprint()}
        if failed:
            draft.notes |= {"failed": dict(failed), "since": since.isoformat() if since else ""}
        building.prepare(con, at)
        among = _whom(con, touched)
        written = sum(_anew(con, draft, slot, at, part, among, failed) for part in _parts(at, touched))
        if among:
            _earlier(con, draft, slot, at.day)
    return written


def _whom(con: duckdb.DuckDBPyConnection, touched: Sequence[int] | None) -> str:
    """Make the table of the touched clients and return its name, "" when it is everybody."""
    if touched is None:
        return ""
    con.execute("CREATE TEMP TABLE touched AS SELECT unnest(?::BIGINT[]) AS client_id", [list(touched)])
    consent.refuse_now(con, touched)
    return "touched"


def _parts(at: AsOf, touched: Sequence[int] | None) -> list[str]:
    if touched is not None:
        return sorted({paths.bucket(client) for client in touched})
    night = manifests.read(TABLE, at.record_day or at.day)
    return sorted(night.parts) if night else []


def _anew(
    con: duckdb.DuckDBPyConnection, draft: Draft, slot: str, at: AsOf, part: str, among: str, failed: Collection[str]
) -> int:
    """Compute the sound groups of a slot for one part and write its rows; how many."""
    of, bucket = SLOTS[slot], building.Bucket(con, at, part, among=among)
    if not among:
        consent.refuse(con, at, part)
    sound = [group for group in of.groups if group not in failed]
    for group in sound:
        building.since(con, _batch_before(at, group in of.since_night))
        bucket.compute(group)
    return draft.write(con, part, _select(of, at, part, among, sound))


def _batch_before(at: AsOf, whole_night: bool) -> date:
    """The day after which something is new: the trading day before, or the day before the night's own."""
    if whole_night and at.record_day:
        return at.record_day - timedelta(days=1)
    return building.day_before(at)


def _earlier(con: duckdb.DuckDBPyConnection, draft: Draft, slot: str, day: date) -> None:
    """Take along what the slot knew of other clients earlier in the day, as far as it has the same columns."""
    before = manifests.read(table_of(slot), day)
    if before is None or before.notes.get("catalogue") != catalogue.fingerprint():
        return
    for part in before.parts:
        rows = relation(table_of(slot), [day], part=part)
        others = f"{rows} o ANTI JOIN touched t ON t.client_id = o.client_id"
        if con.execute(f"SELECT 1 FROM {others} LIMIT 1").fetchone():
            kept = f"SELECT o.* REPLACE (FALSE AS {SEEN_NOW}) FROM {others} ORDER BY o.client_id"
            draft.write(con, part, kept)


def _select(of: Slot, at: AsOf, part: str, among: str, sound: Collection[str]) -> str:
    """Last night's rows of the clients, with the columns of the slot's groups replaced; of those that are not sound
    nothing is known.

    Who has refused since the night has nothing left of what the night knew either.
    """
    features = [one for one in catalogue.features() if one.group in of.groups and not one.waits]
    unknown = building.features_of([group for group in of.groups if group not in sound])
    columns = ", ".join([*building.columns_of(features, unknown), *_of_the_night(of.groups)])
    joins = " ".join(f'LEFT JOIN "{group}" ON "{group}".client_id = c.client_id' for group in sound)
    whom = f"SEMI JOIN {among} t ON t.client_id = c.client_id" if among else ""
    night = relation(TABLE, [at.record_day or at.day], part=part)
    return f"""SELECT c.* REPLACE ({columns}), TRUE AS {SEEN_NOW} FROM {night} c {whom} {joins}
        {consent.JOIN} ORDER BY c.client_id"""


def _of_the_night(groups: Collection[str]) -> list[str]:
    """The columns of other groups that ask for consent."""
    asking = [one for one in catalogue.features() if one.group not in groups and one.purpose == catalogue.BEHAVIOUR]
    names = [(one, name) for one in asking for name in (one.name, f"{one.name}__key")[: 1 + one.key]]
    return [f"{consent.respected(one, f'c.{name}')} AS {name}" for one, name in names]
