"""What passes the checker, what does not, and what the author is told."""

import pytest

from kpm.engine.check import check, compile_condition
from kpm.engine.lint import FeatureHealth
from kpm.engine.problem import ConditionError
from tests.kpm.engine.samples import CATALOGUE

PASS = [
    "ratio < 1.40 AND change <= -0.10 AND (visits IS NULL OR visits >= 3)",
    "flag",
    "NOT flag OR other = TRUE",
    "flag IS NOT TRUE",
    "(ratio > 1.3 OR flag) IS TRUE",
    "ratio > 1 IS TRUE",
    "visits BETWEEN 1 AND 5",
    "tier IN ('gold', 'silver') AND former_tier NOT IN ('gold')",
    "tier <> former_tier",
    "1.4 > ratio",
    "ratio < coalesce(line, 1.40) + 0.10",
    "money - debt > 0",
    "money * 0.8 > debt",
    "money * ratio > debt",
    "-money < -100",
    "safe_div(debt, money) >= 0.5",
    "safe_div(money, visits) BETWEEN 100 AND 200",
    "abs(change) >= 7",
    "least(money, debt) > 100 AND greatest(money, debt, 50000) < 900000",
    "coalesce(visits, 0) = 0",
    "coalesce(flag, FALSE)",
    "coalesce(tier, 'basic') = 'gold'",
    "list_contains(held, '600000')",
    "NOT list_contains(held, '六')",
    "td_since(last_contact) >= 3",
    "last_contact >= DATE '2026-01-01' AND last_contact < opened_on",
    "visits IN (1, 2, 3)",
    "VISITS > 3 and Ratio < 2",
    "visits\n>=\n3",
    "change >= -3 AND change <= 3",
    "note IS NOT NULL",
    "list_contains(held, 'a') AND list_contains(held, 'b') AND NOT list_contains(held, 'c')",
    " AND ".join(f"list_contains(held, '{n}')" for n in range(12)) + " AND NOT list_contains(held, 'x')",
]


@pytest.mark.parametrize("text", PASS)
def test_allowed_forms_pass(text: str) -> None:
    assert check(text, CATALOGUE).problems == ()


REFUSED = [
    ("", "empty"),
    ("   \n", "empty"),
    ("ratio < 1; flag", "statements"),
    ("flag;", "statements"),
    ("raito < 1", "unknown_feature"),
    ("retired > 3", "inactive_feature"),
    ("ratio < 'x'", "type"),
    ("tier = 3", "type"),
    ("tier = 'platinum'", "enum"),
    ("tier IN ('gold', 'x')", "enum"),
    ("coalesce(tier, 'x') = 'gold'", "enum"),
    ("tier > 'basic'", "type"),
    ("flag > TRUE", "type"),
    ("flag = 1", "type"),
    ("visits", "type"),
    ("tier", "type"),
    ("3", "constant"),
    ("visits = 2.5", "type"),
    ("visits IN (1, 2.5)", "type"),
    ("coalesce(visits, 0.5) > 1", "type"),
    ("note = 'x'", "type"),
    ("held = 'x'", "type"),
    ("list_contains(tier, 'gold')", "type"),
    ("list_contains(held, 3)", "type"),
    ("last_contact > '2026-01-01'", "type"),
    ("last_contact > DATE '2026-02-30'", "date"),
    ("last_contact > DATE 'today'", "date"),
    ("last_contact > 3", "type"),
    ("last_contact + 1 > opened_on", "type"),
    ("td_since(ratio) > 3", "type"),
    ("td_since(last_contact) > days", "unit"),
    ("ratio > money", "unit"),
    ("money + visits > 3", "unit"),
    ("money * debt > 3", "unit"),
    ("least(money, visits) > 3", "unit"),
    ("safe_div(debt, money) > change", "unit"),
    ("1 + 2 < 3", "constant"),
    ("ratio > 1 + 2", "constant"),
    ("TRUE", "constant"),
    ("1 = 1", "constant"),
    ("abs(3) > 2", "constant"),
    ("ratio = NULL", "null"),
    ("ratio IN (NULL)", "null"),
    ("ratio IN ()", "in_list"),
    ("ratio IN (line)", "in_list"),
    ("flag IN (TRUE)", "type"),
    ("ratio + 1 IS NULL", "is_null"),
    ("flag IS FALSE", "is"),
    ("ratio > (visits > 3)", "not_a_value"),
    ("safe_div(debt, money) + 1 > 2", "safe_div"),
    ("safe_div(debt, 3) > 2", "safe_div"),
    ("safe_div(debt, money) > safe_div(money, debt)", "safe_div"),
    ("safe_div(debt) > 2", "arguments"),
    ("abs(debt, money) > 2", "not_parsed"),
    ("coalesce(line, ratio) > 2", "arguments"),
    ("coalesce(line) > 2", "arguments"),
    ("least(money) > 2", "arguments"),
    ("td_since(last_contact, opened_on) > 2", "arguments"),
    ("ratio / 2 > 1", "division"),
    ("visits % 2 = 1", "division"),
    ("ratio == 1.4", "operator"),
    ("ratio != 1.4", "operator"),
    ("ratio > 1e3", "number"),
    ("ratio > 1.1234567", "number"),
    ("money > 123456789012345", "number"),
    ("ratio > 1_0", "number"),
    ("ratio >", "not_parsed"),
    ("ratio > 1 AND", "not_parsed"),
    ("(ratio > 1", "not_parsed"),
    ("ratio < 1.4 AND ratio > 1.5", "contradiction"),
    ("tier = 'gold' AND tier = 'basic'", "contradiction"),
    ("tier IN ('gold', 'basic') AND tier = 'silver'", "contradiction"),
    ("flag AND NOT flag", "contradiction"),
    ("list_contains(held, 'a') AND NOT list_contains(held, 'a')", "contradiction"),
    ("list_contains(held, 'a') OR NOT list_contains(held, 'a')", "constant"),
    ("visits IS NULL AND visits > 3", "contradiction"),
    ("visits > 3 AND visits < 4", "contradiction"),
    ("abs(change) > 3 AND abs(change) < 2", "contradiction"),
    ("flag OR (ratio < 1 AND ratio > 2)", "contradiction"),
    ("flag OR NOT flag", "constant"),
    ("visits < 3 OR visits >= 3", "constant"),
    ("visits >= 0", "constant"),
    ("visits < 0", "constant"),
    ("visits IS NULL OR visits IS NOT NULL", "constant"),
    ("tier IN ('basic', 'silver', 'gold')", "constant"),
    ("flag AND ratio > 1 AND flag", "duplicate"),
    ("ratio > 1.0 OR 1 < ratio", "duplicate"),
    (" AND ".join(f"ratio > {n}" for n in range(25)), "too_many_leaves"),
    ("flag AND (other OR (flag AND (other OR (flag AND (other OR ratio > 1)))))", "too_deep"),
    ("abs(abs(abs(abs(abs(abs(change)))))) > 1", "too_deep"),
    ("(" * 30 + "flag" + ")" * 30, "too_deep"),
    ("ratio > 1 OR " * 400 + "flag", "too_long"),
]


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_refused_with_the_code_that_says_why(text: str, code: str) -> None:
    checked = check(text, CATALOGUE)

    assert checked.condition is None
    assert [problem.code for problem in checked.problems][:1] == [code]
    assert all(problem.message.strip() for problem in checked.problems)


def test_a_misspelt_name_gets_a_suggestion_and_its_place() -> None:
    (problem,) = check("flag AND vists > 3", CATALOGUE).problems

    assert problem.message == "The catalogue has no feature vists. Did you mean visits?"
    assert (problem.position, problem.leaf) == (9, "vists")


def test_all_leaves_with_unlike_types_are_listed() -> None:
    problems = check("ratio < 'a' AND tier = 'gold' AND money > visits", CATALOGUE).problems

    assert [problem.leaf for problem in problems] == ["ratio < 'a'", "money > visits"]
    assert problems[1].message == "The units differ: CNY against count."


def test_twenty_four_leaves_are_enough() -> None:
    text = " OR ".join(f"(visits = {n} AND flag)" for n in range(12))

    assert check(text, CATALOGUE).problems == ()
    assert check(text + " OR trades = 3", CATALOGUE).problems[0].code == "too_many_leaves"


def test_stale_and_empty_features_warn_and_refuse_nothing() -> None:
    health = FeatureHealth(stale={"ratio"}, never_filled={"visits"})

    checked = check("ratio < 1.4 AND visits > 3 AND flag", CATALOGUE, health=health)

    assert checked.condition is not None
    assert [(w.code, w.leaf) for w in checked.warnings] == [("stale_feature", "ratio"), ("never_filled", "visits")]


def test_compile_raises_with_the_same_problems() -> None:
    with pytest.raises(ConditionError) as caught:
        compile_condition("raito < 1", CATALOGUE)

    assert caught.value.problems == list(check("raito < 1", CATALOGUE).problems)


@pytest.mark.parametrize("text", [text for text, _ in REFUSED])
def test_a_sentence_can_be_translated_before_its_values_are_filled_in(text: str) -> None:
    for problem in check(text, CATALOGUE).problems:
        assert problem.message == problem.sentence % problem.values
        assert "{" not in problem.sentence
