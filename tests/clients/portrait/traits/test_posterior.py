"""The posterior is Bayes' rule: what the SQL concludes is what a few lines of Python conclude."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.portrait.traits import figures, industry, platform, posterior, rhythm, style
from clients.portrait.traits.trait import DECLARED, Trait

TRAITS = (style.TRAIT, rhythm.TRAIT, platform.TRAIT, industry.TRAIT)
INDUSTRIES = ["bank", "chips", "food"]
SEGMENTS = ("low/30", "high/older")
Sign = tuple[int, str, str, str | None, int]  # client, trait, sign, value, observations
Answer = dict[tuple[int, str], tuple[str | None, float | None, float]]  # value, confidence, gained


def values_of(trait: Trait) -> list[str]:
    """The values that are known of a trait."""
    return list(trait.values) or [*INDUSTRIES, figures.NONE]


def _signs_of(client: int, trait: Trait) -> Iterator[st.SearchStrategy[Sign]]:
    for name, tells in figures.of(trait.name).tells.items():
        said: list[str | None] = [None] if tells.named is None else list(trait.values) or list(INDUSTRIES)
        for value in said:
            yield st.integers(0, 40).map(lambda n, *, key=(client, trait.name, name, value): (*key, n))


ANY_SIGN = st.one_of([one for client in range(1, 6) for trait in TRAITS for one in _signs_of(client, trait)])
HISTORIES = st.lists(ANY_SIGN.filter(lambda sign: sign[4] > 0), max_size=25, unique_by=lambda sign: sign[:4])


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database of its own."""
    with duckdb.connect(config={"threads": 2}) as found:
        yield found


def concluded(con: duckdb.DuckDBPyConnection, signs: Iterable[Sign], clients: Iterable[int] = range(1, 6)) -> Answer:
    """What the SQL makes of signs: clients with odd numbers are in one segment, the others in the other."""
    rows = [(*sign, date(2026, 11, 20)) for sign in signs]
    con.execute(
        "CREATE OR REPLACE TEMP TABLE signs"
        " (client_id BIGINT, trait VARCHAR, sign VARCHAR, value VARCHAR, observations INTEGER, latest DATE)"
    )
    if rows:
        con.executemany("INSERT INTO signs VALUES (?, ?, ?, ?, ?, ?)", rows)
    con.execute("CREATE OR REPLACE TEMP TABLE segments (client_id BIGINT, segment VARCHAR)")
    con.executemany("INSERT INTO segments VALUES (?, ?)", [(client, SEGMENTS[client % 2]) for client in clients])
    con.execute("CREATE OR REPLACE TEMP TABLE everybody AS SELECT DISTINCT segment FROM segments")
    con.execute("CREATE OR REPLACE TEMP TABLE objected (client_id BIGINT, trait VARCHAR)")
    posterior.learn(con, TRAITS, {industry.TRAIT.name: INDUSTRIES})
    posterior.tally(con)
    posterior.priors(con)
    posterior.conclude(con)
    found = con.execute("SELECT client_id, trait, value, confidence, gained FROM concluded").fetchall()
    return {(client, trait): tuple(rest) for client, trait, *rest in found}  # type: ignore[misc]


def reference(signs: list[Sign], clients: Iterable[int] = range(1, 6)) -> Answer:
    """The same in Python: the prior of a segment is the mean of what signs say of its members, shrunken."""
    answer: Answer = {}
    for trait in TRAITS:
        base = _base(trait)
        alone = {client: _shares(trait, base, signs, client) for client in clients}
        for client in clients:
            mates = [shares for one, shares in alone.items() if shares and one % 2 == client % 2]
            prior = {value: _shrunken(p, [shares[value] for shares in mates]) for value, p in base.items()}
            answer[client, trait.name] = _best(base, _shares(trait, prior, signs, client))
    return answer


def _base(trait: Trait) -> dict[str, float]:
    weights = figures.of(trait.name).prior
    if trait.named:
        weights = {**dict.fromkeys(INDUSTRIES, 1 / len(INDUSTRIES)), figures.NONE: weights[figures.NONE]}
    return {value: weight / sum(weights.values()) for value, weight in weights.items()}


def _shares(trait: Trait, prior: dict[str, float], signs: list[Sign], client: int) -> dict[str, float]:
    nats: dict[str, float] = defaultdict(float)
    for _client, _trait, name, said, observations in [sign for sign in signs if sign[:2] == (client, trait.name)]:
        tells = figures.of(trait.name).tells[name]
        for value in prior:
            nats[value] += tells.of(value, said or "") * min(observations, tells.most)
    weights = {value: p * math.exp(nats[value]) for value, p in prior.items()} if nats else {}
    return {value: weight / sum(weights.values()) for value, weight in weights.items()}


def _shrunken(p: float, shares: list[float]) -> float:
    strength = figures.shared().strength
    return (p * strength + sum(shares)) / (strength + len(shares))


def _entropy(shares: dict[str, float]) -> float:
    return -sum(p * math.log2(p) for p in shares.values() if p > 0)


def _best(base: dict[str, float], shares: dict[str, float]) -> tuple[str | None, float | None, float]:
    if not shares:
        return None, None, 0.0
    best = max(shares, key=lambda value: shares[value])
    return best, shares[best], max(_entropy(base) - _entropy(shares), 0)


def same(one: Any, other: Any) -> bool:
    """Equal to nine digits."""
    return one is other is None or (one is not None and other is not None and abs(float(one) - float(other)) < 1e-9)


@settings(max_examples=25, deadline=None)
@given(HISTORIES)
def test_the_sql_agrees_with_bayes_rule_in_python(con: duckdb.DuckDBPyConnection, signs: list[Sign]) -> None:
    found, expected = concluded(con, signs), reference(signs)

    assert found.keys() == expected.keys()
    for key, (value, confidence, gained) in expected.items():
        assert same(found[key][1], confidence), key
        assert same(found[key][2], gained), key
        tied = confidence is not None and confidence < 0.5 + 1e-9  # of two that are alike either may be called
        assert found[key][0] == value or tied, key


@settings(max_examples=15, deadline=None)
@given(HISTORIES)
def test_shares_sum_to_one_and_confidence_is_one_of_them(con: duckdb.DuckDBPyConnection, signs: list[Sign]) -> None:
    found = concluded(con, signs)
    shares = posterior.SHARES.format(prior="prior", of_segment="AND b.segment = g.segment")

    sums = con.execute(f"SELECT client_id, trait, sum(share), max(share) FROM ({shares}) GROUP BY ALL").fetchall()

    assert {(client, trait) for client, trait, *_rest in sums} == {sign[:2] for sign in signs}
    assert all(abs(float(whole) - 1) < 1e-9 for _client, _trait, whole, _most in sums)
    assert all(same(found[client, trait][1], most) for client, trait, _whole, most in sums)


@settings(max_examples=15, deadline=None)
@given(HISTORIES, st.randoms(use_true_random=False))
def test_the_order_of_signs_and_clients_changes_nothing(
    con: duckdb.DuckDBPyConnection, signs: list[Sign], chance: Any
) -> None:
    before = concluded(con, signs)
    mixed, clients = list(signs), list(range(1, 6))
    chance.shuffle(mixed)
    chance.shuffle(clients)

    assert concluded(con, mixed, clients) == before


@settings(max_examples=15, deadline=None)
@given(HISTORIES, st.sampled_from(TRAITS))
def test_one_more_observation_for_a_value_never_makes_it_less_sure(
    con: duckdb.DuckDBPyConnection, signs: list[Sign], trait: Trait
) -> None:
    value, mates = values_of(trait)[0], (1, 3, 5)  # of one segment, so that their prior is the same
    others = [sign for sign in signs if sign[0] not in mates or sign[1] != trait.name]
    name, said = _strongest(trait, value)

    concluded(con, [*others, *[(client, trait.name, name, said, n) for n, client in enumerate(mates, start=1)]])

    shares = posterior.SHARES.format(prior="prior", of_segment="AND b.segment = g.segment")
    asked = "WHERE trait = ? AND value = ? AND client_id IN (1, 3, 5) ORDER BY client_id"
    sure = [share for (share,) in con.execute(f"SELECT share FROM ({shares}) {asked}", [trait.name, value]).fetchall()]
    assert len(sure) == len(mates)
    assert sure == sorted(sure)


def _strongest(trait: Trait, value: str) -> tuple[str, str | None]:
    """The sign that can be seen more than once and speaks for a value most."""
    tells = figures.of(trait.name).tells
    name = max((one for one in tells if one != DECLARED), key=lambda one: tells[one].of(value, value))
    return name, None if tells[name].named is None else value


def test_nobody_is_described_by_his_segment_alone(con: duckdb.DuckDBPyConnection) -> None:
    found = concluded(con, [(1, "rhythm", "visited", "night", 20)])

    assert found[1, "rhythm"][0] == "night"
    assert found[3, "rhythm"] == (None, None, 0)  # of the same segment
    assert found[1, "style"] == (None, None, 0)


def test_what_many_of_a_segment_show_moves_the_prior_of_its_members_and_no_other_s(
    con: duckdb.DuckDBPyConnection,
) -> None:
    night: list[Sign] = [(client, "rhythm", "visited", "night", 20) for client in range(3, 103, 2)]
    one: list[Sign] = [(1, "rhythm", "visited", "morning", 1), (2, "rhythm", "visited", "morning", 1)]

    found = concluded(con, [*night, *one], range(1, 103))

    assert (found[1, "rhythm"][0], found[2, "rhythm"][0]) == ("night", "morning")


def test_observations_beyond_the_most_do_not_count(con: duckdb.DuckDBPyConnection) -> None:
    most = figures.of("rhythm").tells["visited"].most

    at_most = concluded(con, [(1, "rhythm", "visited", "night", most)])
    many = concluded(con, [(1, "rhythm", "visited", "night", 10 * most)])

    assert at_most == many


def test_an_objection_leaves_the_trait_out_of_what_is_concluded(con: duckdb.DuckDBPyConnection) -> None:
    concluded(con, [(1, "rhythm", "visited", "night", 20)])
    con.execute("INSERT INTO objected VALUES (1, 'rhythm')")

    posterior.conclude(con)

    left = con.execute("SELECT client_id, trait FROM concluded WHERE trait = 'rhythm' ORDER BY 1").fetchall()
    assert [client for client, _trait in left] == [2, 3, 4, 5]
