"""Matches many conditions against all clients in one DuckDB pass, and counts for a preview.

One `UNION ALL` carries a batch of versions; the columns that they read are fetched once for all of them. When a batch
fails, its members run one by one: the broken one is reported with the database's reason, the others go on. A relation
is SQL text from our own code (a table or a `read_parquet(...)`); the conditions are written anew from checked pieces.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from kpm.engine import evidence
from kpm.engine.catalogue import Feature
from kpm.engine.check import Condition
from kpm.engine.clean import companions, projection

# Planning grows with the columns that a statement names, so a few large batches cost more than many small ones.
BATCH = 15


@dataclass(frozen=True)
class Member:
    """One version to match: who is meant at all (`population`), when (`condition`), and for which object.

    `anchors` name the features whose `<anchor>__key` columns say for which object the hit is, the first that has one;
    `shown` are features that the texts of the version name, so that their values stand in the evidence too.
    """

    version: int
    condition: Condition
    population: Condition | None = None
    anchors: tuple[str, ...] = ()
    shown: tuple[Feature, ...] = ()

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Population and condition, as far as there are both."""
        return (self.condition,) if self.population is None else (self.population, self.condition)

    @property
    def where(self) -> str:
        """Inside the population and the condition TRUE."""
        return " AND ".join(f"({condition.sql})" for condition in self.conditions)

    @property
    def key_columns(self) -> tuple[str, ...]:
        """The columns with the object's id."""
        return tuple(f"{anchor}__key" for anchor in self.anchors)


@dataclass(frozen=True)
class Broken:
    """A version that could not be matched, with the reason in one line."""

    version: int
    reason: str


@dataclass(frozen=True)
class Hit:
    """A client whom a version found, for which object, and the values that made it (canonical JSON)."""

    version: int
    client: Any
    object_key: str | None
    evidence: str


@dataclass(frozen=True)
class Matched:
    """All hits of a pass, ordered by version and client, and the versions that could not be matched."""

    hits: list[Hit]
    broken: list[Broken]


@dataclass(frozen=True)
class Counts:
    """How many clients of the population matched, did not match, or lack a value that decides."""

    matched: int
    not_matched: int
    unknown: int


@dataclass(frozen=True)
class Source:
    """The feature relation of one day: one row per client, with the column that names the client."""

    con: duckdb.DuckDBPyConnection
    relation: str
    client: str = "client_id"
    known: Mapping[str, str] | None = None  # its columns, where somebody knows them without asking the database

    def types(self) -> Mapping[str, str]:
        """Give the columns of the relation with their DuckDB types."""
        if self.known is not None:
            return self.known
        rows = self.con.execute(f"DESCRIBE SELECT * FROM {self.relation}").fetchall()
        return {row[0]: row[1] for row in rows}

    def rows(
        self, members: Sequence[Member], types: Mapping[str, str], *, shared: bool = False, beside: Sequence[str] = ()
    ) -> str:
        """Write a named query of the columns that these members read, each in its feature's type.

        When it is `shared` by several SELECTs of the statement, its rows are fetched once for all of them. Columns
        `beside` are fetched as they are.
        """
        features: dict[str, Feature] = {}
        for member in members:
            for condition in member.conditions:
                features.update(condition.features)
            features.update({feature.name: feature for feature in member.shown})
        extra = {f'TRY_CAST("{name}" AS BIGINT) AS "{name}"' for name in companions(features) if name in types}
        extra |= {f'"{column}"' for member in members for column in member.key_columns}
        kept = [f'"{column}"' for column in beside]
        items = [f'"{self.client}"', *kept, *sorted(extra), *projection(features, types)]
        fetched = "MATERIALIZED" if shared else "NOT MATERIALIZED"
        return f"WITH f AS {fetched} (SELECT {', '.join(items)} FROM {self.relation})"


def match(source: Source, members: Sequence[Member], *, batch: int = BATCH) -> Matched:
    """Match and fetch everything at once; for a whole client base use `match_into` and `evidence_into`."""
    broken = match_into(source, members, into="matched_now", batch=batch)
    try:
        broken += evidence_into(source, members, hits="matched_now", into="evidence_now", batch=batch)
        rows = source.con.execute("SELECT * FROM evidence_now ORDER BY 1, 2, 3").fetchall()
    finally:
        source.con.execute("DROP TABLE IF EXISTS matched_now; DROP TABLE IF EXISTS evidence_now")
    return Matched([Hit(*row) for row in rows], broken)


def match_into(source: Source, members: Sequence[Member], *, into: str, batch: int = BATCH) -> list[Broken]:
    """Write hits (version, client_id, object_key) into a new temporary table; returns the broken versions."""
    types = source.types()
    _new_table(source, into, types)
    broken = [fault for member in members if (fault := _missing(member, types))]
    sound = [member for member in members if all(fault.version != member.version for fault in broken)]
    return broken + _batches(source, sound, types, into, batch, _hits)


def evidence_into(
    source: Source, members: Sequence[Member], *, hits: str, into: str, batch: int = BATCH
) -> list[Broken]:
    """Write the rows of `hits` with a column `evidence` into a new temporary table, for survivors only."""
    types = source.types()
    _new_table(source, into, types, ", evidence VARCHAR")
    there = {row[0] for row in source.con.execute(f"SELECT DISTINCT version FROM {hits}").fetchall()}
    found = [member for member in members if member.version in there]
    return _batches(source, found, types, into, batch, lambda source, member: _evidence(source, member, hits))


def count(source: Source, member: Member) -> Counts:
    """Count matched, not matched and unknown inside the population of one version."""
    population = f"WHERE {member.population.sql}" if member.population else ""
    counted = replace(member, anchors=())  # a preview asks for nobody's object, so its key need not be there yet
    row = source.con.execute(
        f"{source.rows([counted], source.types())} SELECT count(*) FILTER (WHERE c), "
        "count(*) FILTER (WHERE NOT c), count(*) FILTER (WHERE c IS NULL) "
        f"FROM (SELECT ({member.condition.sql}) AS c FROM f {population})"
    ).fetchone()
    return Counts(*(row or (0, 0, 0)))


def _new_table(source: Source, name: str, types: Mapping[str, str], more: str = "") -> None:
    columns = f"version BIGINT, client_id {types[source.client]}, object_key VARCHAR{more}"
    source.con.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({columns})")


def _missing(member: Member, types: Mapping[str, str]) -> Broken | None:
    needed = {name for condition in member.conditions for name in (*condition.columns, *condition.features)}
    needed |= {feature.name for feature in member.shown}
    missing = sorted((needed | set(member.key_columns)) - set(types))
    if not missing:
        return None
    return Broken(member.version, f"The feature table has no column {', '.join(missing)}.")


def _hits(source: Source, member: Member) -> str:
    columns = "".join(f'CAST("{column}" AS VARCHAR), ' for column in member.key_columns)
    key = f"coalesce({columns}CAST(NULL AS VARCHAR))"
    return f'SELECT {int(member.version)}, "{source.client}", {key} FROM f WHERE {member.where}'


def _evidence(source: Source, member: Member, hits: str) -> str:
    return (
        f"SELECT h.version, h.client_id, h.object_key, {evidence.expression(member.condition, member.shown)} "
        f'FROM {hits} h JOIN f ON f."{source.client}" = h.client_id WHERE h.version = {int(member.version)}'
    )


Writer = Callable[[Source, Member], str]


def _batches(
    source: Source, members: Sequence[Member], types: Mapping[str, str], into: str, size: int, write: Writer
) -> list[Broken]:
    broken: list[Broken] = []
    for start in range(0, len(members), size):
        broken += _run(source, members[start : start + size], types, into, write)
    return broken


def _run(source: Source, members: Sequence[Member], types: Mapping[str, str], into: str, write: Writer) -> list[Broken]:
    """Run members as one statement; when it fails, each by itself, so that only the broken one is lost."""
    union = " UNION ALL ".join(write(source, member) for member in members)
    try:
        source.con.execute(f"INSERT INTO {into} {source.rows(members, types, shared=True)} {union}")
        return []
    except duckdb.InterruptException:
        raise
    except duckdb.Error as error:
        if len(members) == 1:
            return [Broken(members[0].version, str(error).splitlines()[0])]
    return [fault for member in members for fault in _run(source, [member], types, into, write)]
