"""The signs of one bucket of clients, gathered trait by trait.

A trait whose SELECT fails is left out and named; the others go on.
"""

import logging
from collections.abc import Iterable

import duckdb

from clients.lake.reading import view
from clients.lake.registry import declare
from clients.portrait.building import NOT_ITS_FAULT, TABLE, Bucket
from clients.portrait.sources import AsOf, UnknownTable, source_view
from clients.portrait.sqlfiles import BadHeader
from clients.portrait.traits.trait import DECLARED, Trait

log = logging.getLogger(__name__)
SIGNS = "trait_signs"
COLUMNS = {
    "client_id": "BIGINT",
    "trait": "VARCHAR",
    "sign": "VARCHAR",
    "value": "VARCHAR",
    "observations": "INTEGER",
    "latest": "DATE",
}
ORDER = "client_id, trait, sign, value"
EMPTY = ", ".join(f'CAST(NULL AS {kind}) AS "{name}"' for name, kind in COLUMNS.items())
ROWS = """
    INSERT INTO gathered
    SELECT client_id, '{trait}', sign, value, CAST(sum(observations) AS INTEGER), max(latest)
    FROM ({sql}) WHERE client_id IS NOT NULL AND observations > 0 GROUP BY ALL
"""
# What the client says of himself: the newest word on each trait; one without a value objects to it.
SAID = f"""
    INSERT INTO gathered SELECT client_id, trait, '{DECLARED}', value, 1, CAST("at" AS DATE) FROM declarations
    WHERE value <> ''
"""
REFUSED = """
    DELETE FROM gathered AS s USING consents AS c
    WHERE c.client_id = s.client_id AND NOT c.given AND (c.purpose = 'personalisation' OR ({screen}))
"""
OBJECTED = """
    DELETE FROM gathered AS s USING declarations AS d
    WHERE d.client_id = s.client_id AND d.trait = s.trait AND d.value = ''
"""

declare(SIGNS, COLUMNS)


def gather(con: duckdb.DuckDBPyConnection, at: AsOf, part: str, traits: Iterable[Trait]) -> dict[str, str]:
    """Fill the temporary table `gathered` for one bucket; traits that failed, each with what is wrong."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE gathered AS SELECT {EMPTY} LIMIT 0")
    bucket, failed = Bucket(con, at, part), {}
    chosen = list(traits)
    for trait in chosen:
        if fault := _sign(bucket, trait):
            failed[trait.name] = fault
    for table in ("declarations", "consents"):
        source_view(con, table, at, part=part, window=None)
    con.execute(SAID)
    con.execute(OBJECTED)
    con.execute(REFUSED.format(screen=_of_the_screen(chosen)))
    return failed


def _sign(bucket: Bucket, trait: Trait) -> str:
    """Add the signs of one trait; what is wrong with its SELECT, "" when nothing is."""
    reads = {table: window for table, window in trait.file.reads.items() if table != TABLE}
    try:
        if TABLE in trait.file.reads:
            view(bucket.con, TABLE, [bucket.at.day], part=bucket.part)
        bucket.provide(reads, None, {})
        bucket.con.execute(ROWS.format(trait=trait.name, sql=trait.sql))
    except NOT_ITS_FAULT:
        raise
    except (duckdb.Error, BadHeader, UnknownTable) as fault:
        log.error("the trait %s of %s is not concluded: %s", trait.name, bucket.at.day, fault)
        return " ".join(str(fault).split())
    return ""


def _of_the_screen(traits: Iterable[Trait]) -> str:
    pairs = [f"('{trait.name}', '{name}')" for trait in traits for name, sign in trait.signs.items() if sign.screen]
    return f"c.purpose = 'behaviour' AND (s.trait, s.sign) IN ({', '.join(pairs)})" if pairs else "FALSE"
