"""Does the SQL keep what the catalogue promises? Checked on the files alone, and on a day's published rows."""

from collections.abc import Iterator
from datetime import date

import duckdb
import yaml

from clients.lake import manifest as manifests
from clients.lake import paths
from clients.lake.reading import open_lake, relation
from clients.portrait import building, catalogue, consent, parameters, sqlfiles
from clients.portrait.building import TABLE
from clients.portrait.catalogue import Feature
from clients.portrait.sources import AsOf, UnknownTable
from clients.shared import clock

# A cast makes NULL of what does not fit, so a wrong type would look like a feature that nobody has.
FITS = {
    "bool": ("BOOLEAN",),
    "int": ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UINTEGER", "UBIGINT"),
    "decimal": ("DECIMAL", "DOUBLE", "BIGINT", "INTEGER", "HUGEINT"),
    "date": ("DATE",),
    "text": ("VARCHAR",),
    "enum": ("VARCHAR",),
    "list": ("VARCHAR[]",),
}
BESIDE = {"client_id", "account_status"}  # columns that a group may give without an entry in the catalogue


def faults(day: date) -> list[str]:
    """Return what is wrong with the catalogue and its SQL, one sentence each; `day` is any trading day."""
    try:
        found = [fault for group in catalogue.groups() for fault in _group_faults(group, day)]
    except (catalogue.BadCatalogue, sqlfiles.BadHeader, UnknownTable, yaml.YAMLError) as fault:
        return [str(fault)]
    found += [f"{name} asks for param('{asked}'), which parameters.yaml does not have." for name, asked in _asked(day)]
    unused = sorted(set(sqlfiles.group_names()) - set(catalogue.groups()))
    return found + [f"features/{name}.sql: no active feature of the catalogue belongs to it." for name in unused]


def _asked(day: date) -> list[tuple[str, str]]:
    known = parameters.in_force(day).keys()
    files = sorted([*sqlfiles.GROUPS.glob("*.sql"), *sqlfiles.SHARED.glob("*.sql")])
    return [(file.name, name) for file in files for name in sorted(parameters.asked(file.read_text("utf-8")) - known)]


def _group_faults(group: str, day: date) -> Iterator[str]:
    """Compute the group for clients that do not exist, and look at the columns."""
    if group not in sqlfiles.group_names():
        yield f"features/{group}.sql is missing."
        return
    with open_lake() as con:
        at = AsOf(day, clock.now())
        building.prepare(con, at)
        try:
            building.Bucket(con, at, paths.ANON).compute(group, check=False)
        except building.GroupFailed as fault:
            yield f"features/{fault}"
            return
        given = {row[0]: row[1] for row in con.execute(f'DESCRIBE "{group}"').fetchall()}
    yield from _column_faults(group, given)


def _column_faults(group: str, given: dict[str, str]) -> Iterator[str]:
    mine = [feature for feature in catalogue.features() if feature.group == group and not feature.waits]
    wanted = building.columns_wanted(group)
    for name in sorted(wanted - set(given)):
        yield f"features/{group}.sql gives no column {name}."
    for name in sorted(set(given) - wanted - BESIDE):
        yield f"features/{group}.sql gives {name}, which features/{group}.yaml does not have as computed."
    for feature in mine:
        kind = given.get(feature.name, "")
        if kind and kind.split("(")[0] not in FITS[feature.dtype]:
            yield f"features/{group}.sql gives {feature.name} as {kind}; the catalogue says {feature.dtype}."


def row_faults(day: date) -> list[str]:
    """Return what is wrong with a day's published rows: values outside their bounds, a client twice."""
    if manifests.read(TABLE, day) is None:
        return [f"There are no features for {day}."]
    rows = relation(TABLE, [day])
    with open_lake() as con:
        consent.refuse(con, AsOf(day, clock.now()), None)
        twice = con.execute(f"SELECT count(*) - count(DISTINCT client_id) FROM {rows}").fetchall()[0][0]
        found = [f"{twice} rows too many: a client has more than one."] if twice else []
        return found + [fault for feature in catalogue.features() for fault in _value_faults(con, rows, feature)]


def _value_faults(con: duckdb.DuckDBPyConnection, rows: str, feature: Feature) -> Iterator[str]:
    outside = " OR ".join(_bounds(feature)) or "FALSE"
    count = con.execute(f"SELECT count(*) FROM {rows} WHERE {outside}").fetchall()[0][0]
    if count:
        yield f"{feature.name}: {count} clients have a value that the catalogue rules out."
    if feature.zero and not feature.waits:
        asked = "client_id NOT IN (FROM refusing)" if feature.purpose == catalogue.BEHAVIOUR else "TRUE"
        unknown = con.execute(f'SELECT count(*) FROM {rows} WHERE "{feature.name}" IS NULL AND {asked}').fetchall()[0][
            0
        ]
        if unknown:
            yield f"{feature.name}: unknown for {unknown} clients, though it is zero without rows."


def _bounds(feature: Feature) -> Iterator[str]:
    if feature.minimum is not None:
        yield f'"{feature.name}" < {feature.minimum}'
    if feature.maximum is not None:
        yield f'"{feature.name}" > {feature.maximum}'
    if feature.values:
        listed = ", ".join(f"'{value}'" for value in feature.values)
        yield f'"{feature.name}" NOT IN ({listed})'
