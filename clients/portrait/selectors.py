"""Questions about features and the catalogue."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import duckdb
import yaml

from clients.lake import manifest as manifests
from clients.lake import paths
from clients.lake.publishing import notes_of
from clients.lake.reading import open_lake, relation
from clients.portrait import catalogue, slotting
from clients.portrait.building import TABLE
from clients.portrait.models import Declaration
from clients.portrait.traits.reading import Concluded, Portrait, Seen, portrait_of, spread
from clients.portrait.traits.reading import failed as failed_traits
from clients.portrait.traits.reading import last_day as last_trait_day
from clients.portrait.traits.wide import TABLE as TRAITS

__all__ = [
    "Concluded",
    "NoFeatures",
    "Portrait",
    "Seen",
    "blind_features",
    "blind_within",
    "catalogue_text",
    "declared_now",
    "failed_features",
    "failed_groups",
    "failed_traits",
    "feature_columns",
    "feature_facts",
    "feature_row",
    "feature_rows",
    "feature_version",
    "fresh_features",
    "kept_groups",
    "last_feature_day",
    "last_trait_day",
    "open_features",
    "portrait_of",
    "spread",
    "stale_features",
    "trait_cutoff",
    "waiting_features",
]


class NoFeatures(LookupError):
    """No features are published for the day."""


def feature_version(day: date, slot: str = "") -> str | None:
    """Return the version of the published features of a day, or of a slot within it; None when there are none."""
    found = manifests.read(slotting.table_of(slot), day)
    return found.version if found else None


def stale_features(day: date) -> list[str]:
    """Return the features that are unknown for everybody because their source brought nothing for the day."""
    found = manifests.read(TABLE, day)
    return list(found.notes["stale"]) if found else []


def failed_groups(day: date, slot: str = "") -> dict[str, str]:
    """Return the feature groups that could not be computed for a day, or in a slot of it, each with what is wrong."""
    found = manifests.read(slotting.table_of(slot), day)
    return dict(found.notes.get("failed", {})) if found else {}


def kept_groups(day: date) -> dict[str, str]:
    """Return the feature groups whose file failed but whose values of the same cutoff stayed, each with both facts."""
    found = manifests.read(TABLE, day)
    kept = found.notes.get("kept", {}) if found else {}
    return {group: f"{said['fault']} (values kept from version {said['version']})" for group, said in kept.items()}


def failed_features(day: date) -> dict[str, str]:
    """Return the features that are unknown for everybody because their group failed, each with the file's fault."""
    failed = failed_groups(day)
    return {feature.name: failed[feature.group] for feature in catalogue.features() if feature.group in failed}


def fresh_features(slot: str) -> set[str]:
    """Return the features that a slot computes anew; for the night all of them."""
    groups = slotting.groups_of(slot) or catalogue.groups()
    return {feature.name for feature in catalogue.features() if feature.group in groups and not feature.waits}


def waiting_features() -> dict[str, str]:
    """Return the features that nothing computes yet, each with the source it waits for."""
    return {feature.name: feature.waits for feature in catalogue.features() if feature.waits}


def last_feature_day(until: date) -> date | None:
    """Return the newest day up to `until` whose features are published."""
    return max((day for day in manifests.days(TABLE) if day <= until), default=None)


def blind_features(day: date) -> dict[str, str]:
    """Return the features that are unknown for everybody on a day, each with the reason."""
    unknown = {name: f"waits for {source}" for name, source in waiting_features().items()}
    unknown |= dict.fromkeys(stale_features(day), "its source brought nothing")
    return unknown | failed_features(day)


def blind_within(night: date, slot: str, day: date) -> dict[str, str]:
    """Return the features that are unknown for everybody in the slot of a day that stands on a night, with the reasons.

    What failed or was stale at night is known again where the slot computes it anew; a group may fail there too.
    """
    again = slotting.mended(slot, stale_features(night))
    failed = failed_groups(day, slot) if slot in slotting.SLOTS else {}
    blind = {name: reason for name, reason in blind_features(night).items() if name not in again}
    return blind | {one.name: failed[one.group] for one in catalogue.features() if one.group in failed}


def feature_columns(day: date) -> dict[str, str]:
    """Return the columns of a day's features with their DuckDB types, none when the day has none."""
    found = manifests.read(TABLE, day)
    return dict(found.columns) if found else {}


@contextmanager
def open_features(
    day: date, slot: str = "", *, names: Collection[str] | None = None
) -> Iterator[tuple[duckdb.DuckDBPyConnection, str]]:
    """Lend a DuckDB connection and the SQL text of the feature rows of a day or slot; raises NoFeatures.

    Of a slot only the rows that its newest computation made. Of `names`, when they are given, the rows of a night have
    only those that are there.
    """
    if feature_version(day, slot) is None:
        raise NoFeatures(f"There are no features for {day}.")
    with open_lake() as con:
        rows = relation(slotting.table_of(slot), [day], names=None if slot else names)
        yield con, f"(SELECT * FROM {rows} WHERE {slotting.SEEN_NOW})" if slot else rows


def feature_row(day: date, client_id: int, slot: str = "", *, names: Collection[str] = ()) -> dict[str, Any] | None:
    """Return one client's row of a day as `feature_rows` does; None when he is not in it."""
    return feature_rows(day, [client_id], slot, names=names).get(client_id)


def feature_rows(
    day: date, client_ids: Collection[int], slot: str = "", *, names: Collection[str] = ()
) -> dict[int, dict[str, Any]]:
    """Return the rows of clients of a day, or of a slot within it, by client and column; who is not in it is left out.

    Of `names`, when any are given, only those that the day has. Raises NoFeatures.
    """
    found = manifests.read(slotting.table_of(slot), day)
    if found is None:
        raise NoFeatures(f"There are no features for {day}.")
    columns = ", ".join(f'"{name}"' for name in found.columns if not names or name in names)
    buckets = {paths.bucket(client) for client in client_ids}
    rows = relation(slotting.table_of(slot), [day], part=buckets.pop() if len(buckets) == 1 else None)
    with open_lake() as con:
        answer = con.execute(
            f"""SELECT client_id AS of_client, {columns or "client_id"} FROM {rows}
            WHERE client_id IN (SELECT unnest(?::BIGINT[]))""",
            [list(client_ids)],
        )
        there = [column[0] for column in answer.description or []][1:]
        return {row[0]: dict(zip(there, row[1:], strict=True)) for row in answer.fetchall()}


def feature_facts(day: date, name: str) -> dict[str, Any]:
    """Return what a day's values of a feature look like: clients, unknown, distinct, least, median, most."""
    with open_features(day) as (con, rows):
        found = con.execute(
            f"""SELECT count(*) AS clients, count(*) FILTER ("{name}" IS NULL) AS unknown,
            count(DISTINCT "{name}") AS distinct_values, min("{name}") AS least,
            quantile_disc("{name}", 0.5) AS median, max("{name}") AS most FROM {rows}"""
        )
        names = [column[0] for column in found.description or []]
        return dict(zip(names, found.fetchall()[0], strict=True))


def catalogue_text() -> str:
    """Return the catalogue as YAML with the keys that the engine knows."""
    found = catalogue.document()
    rows = [{key: value for key, value in row.items() if key not in catalogue.OURS} for row in found["features"]]
    return yaml.safe_dump({**found, "features": rows}, allow_unicode=True, sort_keys=False)


def declared_now(client_id: int) -> dict[str, Declaration]:
    """Return the client's newest word on each trait of which he has said anything, what he took back included."""
    rows = Declaration.objects.filter(client_id=client_id).order_by("trait", "-at", "-pk").distinct("trait")
    return {row.trait: row for row in rows}


def trait_cutoff(day: date) -> datetime | None:
    """Return up to which moment the traits of a day know what arrived; None when the day has none."""
    noted = notes_of(TRAITS, day).get("cutoff")
    return datetime.fromisoformat(noted) if noted else None
