"""The catalogue: what it reads, what it refuses, and its version."""

import pytest

from kpm.engine.catalogue import CatalogueError
from kpm.engine.catalogue_file import load_features, load_outcomes
from tests.kpm.engine.samples import CATALOGUE

HEAD = "version: 1\ntables: {client: 客户}\nunits: {day: 自然日}\nfeatures:\n"
GOOD = "- {name: age, title: 年龄, title_en: Age, dtype: int, unit: day, source: [client], definition: 周岁。}\n"


def test_a_feature_keeps_what_the_file_says() -> None:
    feature = CATALOGUE["ratio"]

    assert (feature.title, feature.dtype, feature.unit, feature.minimum) == ("维持担保比例", "decimal", "ratio", 0)
    assert CATALOGUE["tier"].values == ("basic", "silver", "gold")
    assert CATALOGUE["visits"].key is True
    assert CATALOGUE["retired"].active is False


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("dtype: int", "dtype: number"), "Feature age: dtype 'number' is none of"),
        (("unit: day", "unit: hour"), "Feature age: unit 'hour' is not listed under units."),
        (("[client]", "[clients]"), "Feature age: source 'clients' is not listed under tables."),
        (("unit: day", "colour: red"), "Feature age: unknown key colour."),
        (("definition: 周岁。", "used_by: 1"), "Feature age: the key definition is missing."),
        (("unit: day", "values: [a]"), "Feature age: an enum, and only an enum or a list, has values."),
        (("name: age", "name: Age"), "Feature Age: a name is lower-case letters"),
        (("name: age", "name: age__key"), "Feature age__key: a name is lower-case letters"),
        (("unit: day", "min: 3, max: 1"), "Feature age: min is above max."),
        (("unit: day", "min: low"), "Feature age: min and max are numbers."),
        (("unit: day", "key: 1"), "Feature age: key is true or false."),
        (("dtype: int, unit: day", "dtype: bool, max: 1"), "Feature age: only a number has min or max."),
        (("dtype: int, unit: day", "dtype: enum, values: [a, a]"), "Feature age: a value is listed twice."),
        (("dtype: int, unit: day", "dtype: enum, values: [yes, b]"), "Feature age: values is a list of texts"),
        (("name: age,", "name: age, name: age,"), "the key name is written twice."),
        (("- {", "- ["), "The catalogue is not valid YAML"),
    ],
)
def test_a_fault_is_named(change: tuple[str, str], sentence: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        load_features(HEAD + GOOD.replace(*change))

    assert sentence in str(caught.value)


def test_every_fault_is_listed_at_once() -> None:
    bad = GOOD.replace("unit: day", "unit: hour") + GOOD.replace("dtype: int", "dtype: x")

    with pytest.raises(CatalogueError) as caught:
        load_features(HEAD + bad)

    assert len(caught.value.problems) == 3
    assert caught.value.problems[-1] == "The name age occurs 2 times; each feature needs its own."


@pytest.mark.parametrize("text", ["", "features: 3", "[]", HEAD + "- 3\n", "colour: 1\n" + HEAD + GOOD])
def test_a_file_of_another_shape_is_refused(text: str) -> None:
    with pytest.raises(CatalogueError):
        load_features(text)


def test_the_version_changes_with_any_fact_and_not_with_the_order() -> None:
    second = GOOD.replace("age", "size")
    one, other = load_features(HEAD + GOOD + second), load_features(HEAD + second + GOOD)
    changed = load_features(HEAD + GOOD + second.replace("周岁", "岁"))

    assert one.version == other.version
    assert one.version != changed.version
    assert len(one.version) == 16


def test_a_subset_keeps_only_what_was_asked_for() -> None:
    small = CATALOGUE.subset(["ratio", "visits"])

    assert list(small.features) == ["ratio", "visits"]
    with pytest.raises(CatalogueError, match="no feature nothing"):
        CATALOGUE.subset(["ratio", "nothing"])


def test_outcomes_share_units_and_tables() -> None:
    text = "outcomes:\n" + GOOD.replace("name: age", "name: since_hit_age, process: true")

    outcomes = load_outcomes(text, features=load_features(HEAD + GOOD))

    assert outcomes["since_hit_age"].process is True
