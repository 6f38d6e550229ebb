"""Nothing outside the whitelist gets through, neither by intent nor by accident."""

import re
from random import Random

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpm.engine import tree as t
from kpm.engine.check import MOST_LEAVES, check
from kpm.engine.whitelist import ALLOWED, FUNCTIONS
from tests.kpm.engine import generate
from tests.kpm.engine.hostile import CHARACTERS, SIZES, TEXTS
from tests.kpm.engine.samples import CATALOGUE

KEYWORDS = {"and", "or", "not", "between", "in", "is", "null", "true", "false", "date"}
KNOWN = KEYWORDS | set(FUNCTIONS) | set(CATALOGUE.features)
OUTSIDE_TEXTS = re.compile(r"[A-Za-z0-9_\s().,=<>+*'-]*")
PIECES = [
    *("AND", "OR", "NOT", "(", ")", ",", "=", "<>", "<", ">=", "+", "-", "*", "/", "%", ";", "--", "/*", "*/"),
    *(
        "IS",
        "NULL",
        "TRUE",
        "IN",
        "BETWEEN",
        "SYMMETRIC",
        "LIKE",
        "CASE",
        "WHEN",
        "END",
        "SELECT",
        "FROM",
        "::",
        "CAST(",
    ),
    *(
        "'",
        '"',
        "''",
        "'gold'",
        "E'",
        "$$",
        "?",
        "$1",
        ":",
        "[",
        "]",
        "{",
        "}",
        ".",
        "->",
        "\\",
        "\x00",
        "\u00a0",
        "＞",
    ),
    *(
        "read_csv('x')",
        "(SELECT 1)",
        "now()",
        "random()",
        "OVER ()",
        "DISTINCT",
        "ifnull(",
        "main.",
        "DATE '2026-01-01'",
    ),
    *(
        "flag",
        "visits",
        "ratio",
        "abs(",
        "safe_div(",
        "td_since(",
        "list_contains(",
        "coalesce(",
        "1",
        "1e9",
        "0x1",
        "9" * 20,
    ),
]


@pytest.mark.parametrize("text", [*TEXTS, *CHARACTERS, *SIZES], ids=lambda text: repr(text[:40]))
def test_a_hostile_text_is_refused_with_a_sentence(text: str) -> None:
    checked = check(text, CATALOGUE)

    assert checked.condition is None
    assert checked.problems
    assert all(len(problem.message) > 10 for problem in checked.problems)


def test_there_are_enough_hostile_texts() -> None:
    assert len({*TEXTS, *CHARACTERS, *SIZES}) >= 300


def test_a_feature_named_like_a_node_gives_no_new_node() -> None:
    assert {node.__name__ for node in ALLOWED} == {
        *("And", "Or", "Not", "Paren", "EQ", "NEQ", "LT", "LTE", "GT", "GTE", "Between", "In", "Is", "Add", "Sub"),
        *("Mul", "Neg", "Abs", "Coalesce", "Least", "Greatest", "ArrayContains", "Anonymous", "Column", "Identifier"),
        *("Literal", "Boolean", "Null", "Cast", "DataType"),
    }


def mutate(random: Random, text: str) -> str:
    """Cut, double, swap or insert pieces at random places."""
    for _ in range(random.randint(1, 4)):
        at, to = sorted(random.randint(0, len(text)) for _ in range(2))
        piece = random.choice((random.choice(PIECES), f" {random.choice(PIECES)} ", chr(random.randint(0, 0x2FF))))
        text = random.choice(
            (text[:at] + piece + text[at:], text[:at] + text[to:], text[:at] + piece + text[to:], text[at:] + text[:at])
        )
    return text


def assert_inside(text: str, con: duckdb.DuckDBPyConnection) -> bool:
    """An accepted text holds only known words and plain characters, and the database sees a boolean."""
    condition = check(text, CATALOGUE).condition
    if condition is None:
        return False
    bare = re.sub(r"'(?:[^']|'')*'", "''", text)
    words = {word.lower() for word in re.findall(r"[A-Za-z_][A-Za-z0-9_]*", bare)}
    assert OUTSIDE_TEXTS.fullmatch(bare), text
    assert "--" not in bare
    assert words <= KNOWN, text
    assert sum(1 for _ in t.leaves(condition.tree)) <= MOST_LEAVES
    assert str(con.execute(f"SELECT {condition.sql} FROM feats").description[0][1]) == "BOOLEAN"
    return True


def run_mutations(seed: int, texts: int) -> int:
    random, con = Random(seed), duckdb.connect()
    generate.table(con, [generate.row(random)])
    sources = [generate.condition(random).text for _ in range(100)] + random.sample(TEXTS, 100)
    return sum(assert_inside(mutate(random, random.choice(sources)), con) for _ in range(texts))


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_no_mutated_text_gets_through(seed: int) -> None:
    run_mutations(seed, texts=200)


def test_some_mutated_texts_are_still_conditions() -> None:
    assert run_mutations(seed=1, texts=400) > 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_a_hundred_thousand_mutated_texts(seed: int) -> None:
    run_mutations(seed, texts=5_000)
