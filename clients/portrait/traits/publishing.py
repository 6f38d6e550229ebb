"""Everybody's traits for the close of a day: signs gathered bucket by bucket, priors over all, then posteriors.

    update(at) -> version

Two tables of the lake: `trait_signs`, what was seen, and `traits`, one wide row for each client with, for each trait,
`trait_<name>` (NULL when nothing may be concluded), `…_confidence`, `…_observations`, `…_latest` and `…_since` (the day
since which the value stands), and `clarity`, 0 to 1. It reads the features of the day, which come first. Done again
with the same cutoff it gives the same rows.
"""

from collections.abc import Iterable, Iterator
from datetime import date

import duckdb

from clients.lake import manifest as manifests
from clients.lake import mirroring
from clients.lake.publishing import writing
from clients.lake.reading import open_lake, relation, view
from clients.portrait import building
from clients.portrait.sources import AsOf, source_view
from clients.portrait.traits import figures, posterior, signs, wide
from clients.portrait.traits.every import TRAITS
from clients.portrait.traits.trait import Trait
from clients.portrait.traits.wide import TABLE

SEGMENTS = """
    CREATE OR REPLACE TEMP TABLE segments AS
    SELECT f.client_id, coalesce(f.client_tier, '?') || '/' || CASE {bands} ELSE '?' END AS segment
    FROM features AS f ANTI JOIN silent USING (client_id)
"""
# Nothing is concluded of who wants no personalisation.
SILENT = """
    CREATE OR REPLACE TEMP TABLE silent AS
    SELECT client_id FROM consents WHERE purpose = 'personalisation' AND NOT given
"""
OBJECTED = "CREATE OR REPLACE TEMP TABLE objected AS SELECT client_id, trait FROM declarations WHERE value = ''"


def update(at: AsOf) -> str:
    """This will publish the signs and the traits of everybody for the close of a day; the version of the traits."""
    with open_lake() as con:
        building.prepare(con, at)
        failed = _gather(con, at)
        traits = [trait for trait in TRAITS if trait.name not in failed]
        _tally(con, at, traits)
        return _publish(con, at, traits, failed)


def _parts(at: AsOf) -> Iterable[str]:
    clients = manifests.read("clients", at.day)
    return clients.parts if clients else ()


def _gather(con: duckdb.DuckDBPyConnection, at: AsOf) -> dict[str, str]:
    failed: dict[str, str] = {}
    with writing(signs.SIGNS, at.day) as draft:
        draft.notes = mirroring.cutoff_note(at.cutoff)
        for part in _parts(at):
            failed |= signs.gather(con, at, part, TRAITS)
            draft.write(con, part, f"SELECT * FROM gathered ORDER BY {signs.ORDER}")
    return failed


def _tally(con: duckdb.DuckDBPyConnection, at: AsOf, traits: list[Trait]) -> None:
    """Learn the priors of the segments from what the signs alone say of their members."""
    rows = relation(signs.SIGNS, [at.day])
    posterior.learn(con, traits, {trait.name: _seen(con, rows, trait) for trait in traits if trait.named})
    con.execute("CREATE OR REPLACE TEMP TABLE everybody (segment VARCHAR)")
    for part in _parts(at):
        _load(con, at, part)
        con.execute("INSERT INTO everybody SELECT DISTINCT segment FROM segments")
        posterior.tally(con)
    posterior.priors(con)


def _seen(con: duckdb.DuckDBPyConnection, rows: str, trait: Trait) -> list[str]:
    found = con.execute(
        f"SELECT DISTINCT value FROM {rows} WHERE trait = ? AND value <> '' ORDER BY value", [trait.name]
    )
    return [value for (value,) in found.fetchall()]


def _load(con: duckdb.DuckDBPyConnection, at: AsOf, part: str) -> None:
    """Bring the signs and segments of one bucket."""
    view(con, signs.SIGNS, [at.day], name="signs", part=part)
    view(con, building.TABLE, [at.day], part=part)
    for table in ("consents", "declarations"):
        source_view(con, table, at, part=part, window=None)
    con.execute(SILENT)
    con.execute(OBJECTED)
    bands = " ".join(f"WHEN f.age < {bound} THEN '{bound}'" for bound in figures.shared().ages)
    con.execute(SEGMENTS.format(bands=f"{bands} WHEN f.age IS NOT NULL THEN 'older'"))


def _publish(con: duckdb.DuckDBPyConnection, at: AsOf, traits: list[Trait], failed: dict[str, str]) -> str:
    with writing(TABLE, at.day) as draft:
        draft.notes = {**mirroring.cutoff_note(at.cutoff), "failed": failed}
        for part in _parts(at):
            _load(con, at, part)
            posterior.conclude(con)
            view(con, TABLE, _day_before(at), name="earlier", part=part)
            draft.write(con, part, wide.select(at.day, {trait.name for trait in traits}))
    published = manifests.read(TABLE, at.day)
    return published.version if published else ""


def shares(at: AsOf) -> Iterator[tuple[int, str, str, float]]:
    """Yield client, trait, value and its probability, of all values, from the signs that are published: for a judge."""
    with open_lake() as con:
        building.prepare(con, at)
        _tally(con, at, list(TRAITS))
        for part in _parts(at):
            _load(con, at, part)
            yield from con.execute(
                f"SELECT client_id, trait, value, CAST(share AS DOUBLE) FROM ({posterior.OF_SEGMENTS})"
            ).fetchall()


def _day_before(at: AsOf) -> list[date]:
    """The last day before this one whose traits are published."""
    return [day for day in manifests.days(TABLE) if day < at.day][-1:]
