"""The same condition in the SQL of Spark parses there and reads the same columns."""

from random import Random

import sqlglot
from sqlglot import exp

from kpm.engine.check import compile_condition
from kpm.engine.transpile import transpile
from tests.kpm.engine import generate
from tests.kpm.engine.samples import CATALOGUE


def test_spark_text_of_each_function() -> None:
    text = "list_contains(held, 'a') AND safe_div(debt, money) > 0.5 AND opened_on < DATE '2026-01-01'"

    spark = transpile(compile_condition(text, CATALOGUE), "spark")

    assert "ARRAY_CONTAINS(`held`, 'a')" in spark
    assert "WHEN `money` > 0 THEN `debt` > 0.5 * `money`" in spark
    assert "`opened_on` < CAST('2026-01-01' AS DATE)" in spark


def test_random_conditions_parse_in_spark() -> None:
    random = Random(3)
    for condition in (generate.condition(random) for _ in range(200)):
        tree = sqlglot.parse_one(transpile(condition, "spark"), read="spark")

        assert {column.name for column in tree.find_all(exp.Column)} <= {*condition.columns, *condition.features}
