"""The shipped library looked at as a whole: its words, its texts, and its conditions on random rows."""

import collections
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import yaml

from clients.portrait import selectors as portrait
from kpm.engine import tree as t
from kpm.engine.catalogue import Catalogue, Feature
from kpm.engine.check import Condition, compile_condition
from kpm.strategies.catalogue_of import FOLDER, catalogue, outcomes
from kpm.strategies.members import named_in
from kpm.strategies.services import library
from kpm.strategies.services.library.content import texts_of
from kpm.strategies.services.library.reading import shipped_files
from kpm.strategies.vocabulary import words

ROWS, SEED = 20_000, 0.20150311
REFERENCE = Path(__file__).resolve().parents[4] / "shared/reference"
DUCK = {"bool": "BOOLEAN", "int": "BIGINT", "decimal": "DECIMAL(20,6)", "date": "DATE", "list": "VARCHAR[]"}
SHORT = {
    "ACQ": "acquisition", "GRW": "growth", "MAT": "maturity", "RET": "retention", "TRD": "trading", "NWS": "news",
    "PRD": "product", "MRG": "margin", "ACC": "account", "CMP": "compliance",
}  # fmt: skip
# Groups of features that the starter library does not have (docs/adr/0013, 0014).
OF_THE_HOUSE = ("visits", "pages", "portrait")
# What the house decides anew: which are switched on, and who is held out (docs/adr/0009).
DECIDED = {"active_by_default", "holdout_pct"}
# The starter library calls them services, but their goal is a purchase (docs/adr/0009).
SOLD = {"ACQ-PRD-003", "GRW-TRD-011", "GRW-TRD-014"}
OURS = {"goal", "holdout_reason", "occurrence_from", "product_level", "product_level_from", "permission_code"}


@pytest.fixture(scope="module")
def shipped() -> list[library.Entry]:
    return library.read_library()


def test_206_strategies_stand_each_in_the_file_of_its_lifecycle_and_business(shipped: list[library.Entry]) -> None:
    wrong = {one.code for one in shipped if one.file != f"{one['lifecycle']}_{one['business']}.yaml"}
    misnamed = {one.code for one in shipped if [SHORT[part] for part in one.code.split("-")[:2]] != place(one)}

    assert len(shipped) == 206
    assert len(shipped_files()) == 24
    assert (wrong, misnamed) == (set(), set())
    assert all(re.fullmatch(r"[A-Z]{3}-[A-Z]{3}-\d{3}", one.code) for one in shipped)
    assert sum(one["active_by_default"] for one in shipped) == 127


def place(one: library.Entry) -> list[str]:
    return [one["lifecycle"], one["business"]]


@pytest.mark.parametrize("key", ["code", "name", "name_en", "trigger"])
def test_no_two_say_the_same(shipped: list[library.Entry], key: str) -> None:
    counted = collections.Counter(one[key] for one in shipped)

    assert [value for value, number in counted.items() if number > 1] == []


def test_action_handler_channel_and_texts_fit_together(shipped: list[library.Entry]) -> None:
    for one in shipped:
        task, push, code = "task" in one["action"], "push" in one["action"], one.code
        assert task == (one["handler"] != "system") == ("phone" in one["channel"]), code
        assert task == ("steps" in one) == ("sla_hours" in one), code
        assert push == ("message" in one), code
        assert (one["action"] == "push_then_task") == ("task_after_hours" in one), code
        assert not task or 3 <= len(one["steps"]) <= 6, code
        assert not push or (len(one["message"]["title"]) <= 20 and len(one["message"]["body"]) <= 160), code
        assert one["cooldown_days"] or one["occurrence"] != "client", code


def test_every_word_of_the_vocabulary_is_used(shipped: list[library.Entry]) -> None:
    for key in ("lifecycle", "business", "purpose", "action", "handler", "schedule", "occurrence", "family"):
        assert {one[key] for one in shipped} == words().enums[key], key
    assert {channel for one in shipped for channel in one["channel"]} == words().enums["channel"]
    assert {one["outcome"]["judged"] for one in shipped} == words().enums["judged"]
    assert set(words().objects) | words().plain_objects == words().enums["occurrence"]
    assert {table for tables in words().objects.values() for table in tables} <= set(catalogue().tables)
    assert words().clock_families <= words().enums["family"]


def test_every_feature_and_every_outcome_serves_a_strategy(shipped: list[library.Entry]) -> None:
    read = {name for one in shipped for name in compile_condition(one["trigger"], catalogue()).features}
    shown = {name for one in shipped for name in named_in(*texts_of(one))}
    judged = {name for one in shipped for name in compile_condition(one["outcome"]["success"], outcomes()).features}

    assert read | shown >= {name for name, one in catalogue().features.items() if one.group not in OF_THE_HOUSE}
    assert judged == set(outcomes().features)


def reads_the_screen(one: library.Entry) -> bool:
    """Whether the condition reads a feature of the groups that the starter library does not have."""
    read = compile_condition(one["trigger"], catalogue()).features
    return any(catalogue()[name].group in OF_THE_HOUSE for name in read)


def test_thirty_strategies_look_at_visits_and_pages_fifteen_of_them_live(shipped: list[library.Entry]) -> None:
    looking = [one for one in shipped if reads_the_screen(one)]
    waiting = portrait.waiting_features().keys()

    live = [one for one in looking if one["active_by_default"] and not waiting & reading(one)]

    assert len(looking) >= 30
    assert len(live) >= 15
    assert {one["purpose"] for one in looking} == {"service", "marketing"}  # who is warned never depends on his visits


def reading(one: library.Entry) -> set[str]:
    return set(compile_condition(one["trigger"], catalogue()).features)


def sold(code: str) -> dict[str, str]:
    return {"purpose": "marketing"} if code in SOLD else {}


def test_the_content_of_the_starter_library_is_kept(shipped: list[library.Entry]) -> None:
    if not REFERENCE.exists():
        pytest.skip("the starter library is not beside the repository")
    theirs = yaml.safe_load((REFERENCE / "strategies.yaml").read_text(encoding="utf-8"))["strategies"]
    outcome_rows = yaml.safe_load((REFERENCE / "outcomes.yaml").read_text(encoding="utf-8"))
    ours = yaml.safe_load((FOLDER / "outcomes.yaml").read_text(encoding="utf-8"))

    kept = {one.code: {key: value for key, value in one.items() if key not in OURS | DECIDED} for one in shipped}
    rewritten = {one.code: {"trigger": one["trigger"]} for one in shipped if reads_the_screen(one)}

    plain = [{key: value for key, value in one.items() if key not in DECIDED} | sold(one["code"]) for one in theirs]
    assert kept == {one["code"]: {**one, **rewritten.get(one["code"], {})} for one in plain}
    on = {one["code"] for one in theirs if one["active_by_default"]}
    assert on < {one.code for one in shipped if one["active_by_default"]}
    assert [{**row, "process": 0} for row in ours.pop("outcomes")] == [
        {key: value for key, value in row.items() if key != "used_by"} | {"process": 0}
        for row in outcome_rows.pop("outcomes")
    ]
    assert ours == outcome_rows


def test_the_normal_form_of_every_condition_is_its_own_normal_form(shipped: list[library.Entry]) -> None:
    once = [compile_condition(one["trigger"], catalogue()).normalised for one in shipped]

    twice = [compile_condition(text, catalogue()).normalised for text in once]

    assert twice == once


def test_every_condition_hits_some_of_20_000_random_rows_and_misses_some(shipped: list[library.Entry]) -> None:
    conditions = {one.code: compile_condition(one["trigger"], catalogue()) for one in shipped}

    counts = counted(conditions, catalogue())

    assert {code: n for code, n in counts.items() if not all(n)} == {}


def test_every_outcome_is_reached_by_some_random_rows_and_missed_by_some(shipped: list[library.Entry]) -> None:
    conditions = {one.code: compile_condition(one["outcome"]["success"], outcomes()) for one in shipped}
    conditions |= {f"{one.code} goal": compile_condition(one["goal"], outcomes()) for one in shipped if one.get("goal")}

    counts = counted(conditions, outcomes())

    assert {code: n for code, n in counts.items() if not all(n)} == {}


def test_no_condition_hits_a_client_of_whom_nothing_is_known(shipped: list[library.Entry]) -> None:
    con = duckdb.connect()
    con.execute(table("rows", catalogue()))
    con.execute(f"INSERT INTO rows VALUES ({', '.join('NULL' for _ in catalogue().features)})")

    conditions = {one.code: compile_condition(one["trigger"], catalogue()).sql for one in shipped}
    answers = con.execute(f"SELECT {', '.join(f'({sql})' for sql in conditions.values())} FROM rows").fetchone()

    assert [code for code, hit in zip(conditions, answers or (), strict=True) if hit] == []


def table(name: str, known: Catalogue) -> str:
    columns = (f"{feature} {DUCK.get(known[feature].dtype, 'VARCHAR')}" for feature in known.features)
    return f"CREATE TABLE {name} ({', '.join(columns)})"


def counted(conditions: Mapping[str, Condition], known: Catalogue) -> dict[str, tuple[int, int]]:
    """Hits and misses of each condition on rows drawn around the literals that the conditions compare with."""
    con = duckdb.connect(config={"threads": 1})  # more threads would draw in another order each time
    con.execute(table("rows", known))
    con.execute("SELECT setseed(?)", [SEED])
    pools = literals(conditions.values())
    items = ", ".join(drawn(known[name], pools[name]) for name in known.features)
    con.execute(f"INSERT INTO rows SELECT {items} FROM range({ROWS})")
    sums = ", ".join(f"count(*) FILTER ({c.sql}), count(*) FILTER (NOT ({c.sql}))" for c in conditions.values())
    found = con.execute(f"SELECT {sums} FROM rows").fetchone() or ()
    return {code: (found[2 * at], found[2 * at + 1]) for at, code in enumerate(conditions)}


def literals(conditions: Iterable[Condition]) -> dict[str, set[Decimal]]:
    """The numbers that each feature is compared with; features compared with each other share theirs."""
    pools: dict[str, set[Decimal]] = collections.defaultdict(set)
    linked: list[list[str]] = []
    for leaf in (leaf for condition in conditions for leaf in t.leaves(condition.tree)):
        names = [value.name for value in t.values(leaf) if isinstance(value, t.Name)]
        for value in t.values(leaf):
            for name in names if isinstance(value, t.Constant) and value.kind == "number" else []:
                pools[name].add(Decimal(str(value.value)))
        linked += [names] if len(names) > 1 else []
    for names in linked * 3:
        shared = set().union(*(pools[name] for name in names))
        for name in names:
            pools[name] |= shared
    return pools


def drawn(feature: Feature, literal: set[Decimal]) -> str:
    """SQL that draws one value: one in sixteen unknown, the others from a pool in which each is as likely."""
    if feature.dtype == "bool":
        pool = ["TRUE", "FALSE"]
    elif feature.is_number:
        pool = [str(value) for value in around(feature, literal or {Decimal(0), Decimal(100)})]
    else:
        pool = [f"'{value}'" for value in feature.values or ("x",)]
    pick = f"([{', '.join(pool)}])[1 + CAST(floor(random() * {len(pool)}) AS INT)]"
    return f"CASE WHEN random() >= 0.0625 THEN {f'[{pick}]' if feature.dtype == 'list' else pick} END"


def around(feature: Feature, literal: set[Decimal]) -> Iterator[Decimal]:
    """Each literal, its near neighbours on both sides, its half, its double and zero, within the feature's bounds."""
    for value in sorted(literal):
        step = Decimal(1) if feature.dtype == "int" else max(Decimal("0.01"), abs(value) * Decimal("0.05"))
        for near in (value, value, *(value + step * n for n in (-2, -1, 1, 2)), value / 2, value * 2, Decimal(0)):
            bounded = max(near, feature.minimum) if feature.minimum is not None else near
            bounded = min(bounded, feature.maximum) if feature.maximum is not None else bounded
            yield round(bounded) + Decimal(0) if feature.dtype == "int" else round(bounded, 4)
