"""Random conditions and rows over the sample catalogue: ties, missing values, decimals and dates included."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import duckdb

from kpm.engine.check import Condition, check
from kpm.engine.clean import TYPES
from kpm.engine.text import companion
from tests.kpm.engine.samples import CATALOGUE

RATIOS = ("ratio", "line")
AMOUNTS = ("money", "debt")
COUNTS = ("visits", "trades")
THRESHOLDS = ("0", "0.5", "1", "1.3", "1.40", "2", "3", "-1", "-0.1", "100", "1.000001")
WHOLE = ("0", "1", "2", "3", "5", "10")
TIERS = ("basic", "silver", "gold")
DAYS = tuple(date(2026, 1, 1) + timedelta(days=n) for n in range(6))
CODES = ("600000", "000001", "六")
COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")


def condition(random: Random, leaves: int = 6) -> Condition:
    """Draw texts until one passes the checker."""
    while True:
        checked = check(_tree(random, random.randint(1, leaves), 0), CATALOGUE)
        if checked.condition is not None:
            return checked.condition


def _tree(random: Random, leaves: int, depth: int) -> str:
    if leaves == 1 or depth == 3:
        return _dressed(random, random.choice(LEAVES)(random))
    first = random.randint(1, leaves - 1)
    left, right = _tree(random, first, depth + 1), _tree(random, leaves - first, depth + 1)
    joined = f"({left} {random.choice(('AND', 'OR'))} {right})"
    return _dressed(random, joined)


def _dressed(random: Random, text: str) -> str:
    return random.choice((text, text, text, text, f"NOT ({text})", f"({text}) IS TRUE", f"({text}) IS NOT TRUE"))


def _number_of(random: Random, names: tuple[str, ...], literals: tuple[str, ...]) -> str:
    """A value in the unit of these features."""
    name, other, literal = random.choice(names), random.choice(names), random.choice(literals)
    forms = [name, name, name, f"coalesce({name}, {literal})", f"abs({name})", f"-{name}"]
    forms += [f"({name} + {other})", f"({name} - {literal})", f"{literal} * {name}", f"({name} - {other} - {literal})"]
    forms += [f"least({name}, {other})", f"greatest({name}, {literal}, {other})"]
    return random.choice(forms)


def _numeric(names: tuple[str, ...], literals: tuple[str, ...]) -> Callable[[Random], str]:
    def draw(random: Random) -> str:
        left, op = _number_of(random, names, literals), random.choice(COMPARISONS)
        low, high = sorted(random.sample(literals, 2), key=Decimal)
        name, literal = random.choice(names), random.choice(literals)
        no = random.choice(("", "NOT "))
        forms = [f"{left} {op} {literal}", f"{left} {op} {literal}", f"{name} {op} {literal}", f"{literal} {op} {left}"]
        forms += [f"{left} {op} {_number_of(random, names, literals)}", f"{left} {no}BETWEEN {low} AND {high}"]
        forms += [f"{name} {no}IN ({low}, {literal}, {high})", f"{name} IS {no}NULL"]
        return random.choice(forms)

    return draw


def _quotient(random: Random) -> str:
    left = random.choice(("safe_div(debt, money)", "safe_div(money - debt, debt)", "safe_div(trades, visits)"))
    right = random.choice((*THRESHOLDS, "ratio", "line - 0.1"))
    sides = [left, random.choice(COMPARISONS), right]
    return " ".join(sides if random.random() < 0.5 else sides[::-1])


def _flag(random: Random) -> str:
    return random.choice(
        ("flag", "other", "flag = TRUE", "FALSE = other", "flag <> TRUE", "flag = other", "coalesce(flag, FALSE)")
    )


def _tier(random: Random) -> str:
    one, two = random.sample(TIERS, 2)
    forms = (f"tier = '{one}'", f"'{one}' <> tier", f"tier IN ('{one}', '{two}')", "tier = former_tier")
    return random.choice((*forms, f"tier NOT IN ('{two}')", f"coalesce(tier, '{one}') = '{two}'", "tier IS NULL"))


def _day(random: Random) -> str:
    day, op = f"DATE '{random.choice(DAYS)}'", random.choice(COMPARISONS)
    forms = (f"last_contact {op} {day}", f"{day} {op} opened_on", f"last_contact {op} opened_on")
    return random.choice((*forms, f"last_contact IN ({day})", f"td_since(last_contact) {op} {random.choice(WHOLE)}"))


def _listed(random: Random) -> str:
    return f"list_contains(held, '{random.choice(CODES)}')"


LEAVES: tuple[Callable[[Random], str], ...] = (
    _numeric(RATIOS, THRESHOLDS),
    _numeric(AMOUNTS, THRESHOLDS),
    _numeric(COUNTS, WHOLE),
    _numeric(("change",), THRESHOLDS),
    _quotient,
    _flag,
    _tier,
    _day,
    _listed,
)


def row(random: Random) -> dict[str, Any]:
    """Draw one client; about one value in six is missing, many equal a threshold."""
    return {name: None if random.random() < 0.16 else _value(random, name) for name in COLUMNS}


def _value(random: Random, name: str) -> Any:
    dtype = "int" if name.endswith("__td") else CATALOGUE[name].dtype
    if dtype == "decimal":
        beside = random.choice((0, 0, 0, Decimal("0.000001"), Decimal("-0.1")))
        low = CATALOGUE[name].minimum
        return max(Decimal(random.choice(THRESHOLDS)) + beside, Decimal(-9) if low is None else low)
    if dtype == "int":
        return int(random.choice(WHOLE))
    picks: dict[str, tuple[Any, ...]] = {"bool": (True, False), "enum": TIERS, "date": DAYS, "text": ("x",)}
    return random.sample(CODES, random.randint(0, 2)) if dtype == "list" else random.choice(picks[dtype])


COLUMNS = [*CATALOGUE.features, companion("last_contact")]


def table(con: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]], name: str = "feats") -> None:
    """Write rows into a table with the types of the catalogue and a running client_id."""
    types = [TYPES[CATALOGUE[n].dtype] if n in CATALOGUE else "BIGINT" for n in COLUMNS]
    columns = ", ".join(f'"{n}" {kind}' for n, kind in zip(COLUMNS, types, strict=True))
    con.execute(f"CREATE OR REPLACE TABLE {name} (client_id BIGINT, {columns})")
    marks = ", ".join("?" for _ in range(len(COLUMNS) + 1))
    con.executemany(f"INSERT INTO {name} VALUES ({marks})", [[i, *(r[n] for n in COLUMNS)] for i, r in enumerate(rows)])
