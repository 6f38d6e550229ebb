"""Bayes' rule over the signs of everybody: priors of segments, posteriors, and what was gained.

All of it is SQL over temporary tables of one connection, `signs` holding those of one bucket at a time:

    learn(con, traits, seen)    `weights` and `base`: what each sign tells of each value, and the general priors
    tally(con)                  adds what the signs of a bucket say of its members to `said`
    priors(con)                 `prior`: of each segment, trait and value
    conclude(con)               `concluded`: one row for each client and trait

`segments` (client_id, segment) is everybody of the bucket.
"""

from collections.abc import Iterable, Iterator, Mapping

import duckdb

from clients.behaviour import tables
from clients.portrait.traits import figures
from clients.portrait.traits.trait import Trait

WEIGHTS = {
    "trait": "VARCHAR",
    "sign": "VARCHAR",
    "said": "VARCHAR",
    "value": "VARCHAR",
    "nats": "DECIMAL(9,4)",
    "most": "INTEGER",
}
BASE = {"trait": "VARCHAR", "value": "VARCHAR", "p": "DOUBLE"}
SAID = """
    CREATE OR REPLACE TEMP TABLE said
        (trait VARCHAR, segment VARCHAR, value VARCHAR, share DECIMAL(38,12), clients BIGINT)
"""
# What the signs of a client say of each value, over the prior `p` of his own: the softmax of their sum. Whatever is
# summed over rows is exact or in a fixed order, so that the order of rows cannot change the last digit of a result.
SHARES = """
    SELECT client_id, trait, segment, value, CAST(e / sum(e) OVER one AS DECIMAL(13,12)) AS share
    FROM (SELECT *, exp(weight - top) AS e FROM (
        SELECT *, max(weight) OVER (PARTITION BY client_id, trait) AS top
        FROM (
            SELECT s.client_id, s.trait, g.segment, s.value, ln(b.p) + s.support AS weight
            FROM (
                SELECT e.client_id, e.trait, w.value, sum(w.nats * least(e.observations, w.most)) AS support
                FROM signs AS e
                JOIN weights AS w ON w.trait = e.trait AND w.sign = e.sign AND w.said = coalesce(e.value, '')
                GROUP BY ALL
            ) AS s
            JOIN segments AS g ON g.client_id = s.client_id
            JOIN {prior} AS b ON b.trait = s.trait AND b.value = s.value {of_segment}
        )
    ))
    WINDOW one AS (
        PARTITION BY client_id, trait ORDER BY value ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    )
"""
TALLY = f"""
    INSERT INTO said SELECT trait, segment, value, sum(share), count(*)
    FROM ({SHARES.format(prior="base", of_segment="")}) GROUP BY ALL
"""
PRIOR = """
    CREATE OR REPLACE TEMP TABLE prior AS
    SELECT b.trait, g.segment, b.value,
        (b.p * {strength} + CAST(coalesce(s.share, 0) AS DOUBLE)) / ({strength} + coalesce(s.clients, 0)) AS p
    FROM base AS b CROSS JOIN (SELECT DISTINCT segment FROM everybody) AS g
    LEFT JOIN (SELECT trait, segment, value, sum(share) AS share, sum(clients) AS clients FROM said GROUP BY ALL) AS s
        ON s.trait = b.trait AND s.segment = g.segment AND s.value = b.value
"""
# How much there is to learn: of a trait, and the same in every segment and on every day, so that days compare.
OUTLOOK = """
    CREATE OR REPLACE TEMP TABLE outlook AS
    SELECT g.trait, g.segment, b.entropy FROM (SELECT DISTINCT trait, segment FROM prior) AS g
    JOIN (SELECT trait, -sum(CAST(p * log2(p) AS DECIMAL(15,12))) AS entropy FROM base GROUP BY trait) AS b
        ON b.trait = g.trait
"""
OF_SEGMENTS = SHARES.format(prior="prior", of_segment="AND b.segment = g.segment")
CONCLUDED = f"""
    CREATE OR REPLACE TEMP TABLE concluded AS
    WITH best AS (
        SELECT client_id, trait, arg_max(value, {{'p': share, 'value': value}}) AS value, max(share) AS confidence,
            -sum(CASE WHEN share > 0 THEN CAST(share * log2(share) AS DECIMAL(15,12)) ELSE 0 END) AS left_over
        FROM ({OF_SEGMENTS}) GROUP BY ALL
    ),
    counted AS (
        SELECT client_id, trait, sum(observations) AS observations, max(latest) AS latest FROM signs GROUP BY ALL
    )
    SELECT g.client_id, o.trait, b.value, b.confidence, coalesce(c.observations, 0) AS observations, c.latest,
        o.entropy,
        CASE WHEN b.client_id IS NULL THEN 0 ELSE greatest(o.entropy - b.left_over, 0) END AS gained
    FROM segments AS g JOIN outlook AS o ON o.segment = g.segment
    ANTI JOIN objected AS x ON x.client_id = g.client_id AND x.trait = o.trait
    LEFT JOIN best AS b ON b.client_id = g.client_id AND b.trait = o.trait
    LEFT JOIN counted AS c ON c.client_id = g.client_id AND c.trait = o.trait
"""


def learn(con: duckdb.DuckDBPyConnection, traits: Iterable[Trait], seen: Mapping[str, list[str]]) -> None:
    """Make what the figures say; `seen` gives the values of traits whose signs name them."""
    values = [(trait, list(trait.values) or [*seen.get(trait.name, []), figures.NONE]) for trait in traits]
    tables.provide(con, "weights", WEIGHTS, (row for trait, known in values for row in _weights(trait.name, known)))
    tables.provide(con, "base", BASE, (row for trait, known in values for row in _base(trait, known)))
    con.execute(SAID)


def _weights(trait: str, values: list[str]) -> Iterator[tuple[str, str, str, str, float, int]]:
    for sign, tells in figures.of(trait).tells.items():
        for said in [figures.NONE] if tells.named is None else values:
            yield from ((trait, sign, said, value, tells.of(value, said), tells.most) for value in values)


def _base(trait: Trait, values: list[str]) -> Iterator[tuple[str, str, float]]:
    prior = figures.of(trait.name).prior
    weights = {value: prior.get(value, 0.0) for value in values}
    if trait.named:
        weights = {value: prior[figures.NONE] if value == figures.NONE else 1 / (len(values) - 1) for value in values}
    whole = sum(weights.values())
    return ((trait.name, value, weight / whole) for value, weight in weights.items())


def tally(con: duckdb.DuckDBPyConnection) -> None:
    """Add what the signs of a bucket alone say of its members, by segment."""
    con.execute(TALLY)


def priors(con: duckdb.DuckDBPyConnection) -> None:
    """Make the prior of each segment, and how uncertain it is; `everybody` has the segments of all buckets."""
    con.execute(PRIOR.format(strength=figures.shared().strength))
    con.execute(OUTLOOK)


def conclude(con: duckdb.DuckDBPyConnection) -> None:
    """Make `concluded` of the bucket whose `signs` and `segments` are there."""
    con.execute(CONCLUDED)
