"""The figures say everything that the traits ask of them, and nothing else."""

import pytest

from clients.lake import registry
from clients.portrait import sqlfiles
from clients.portrait.traits import figures
from clients.portrait.traits.every import TRAITS
from clients.portrait.traits.trait import DECLARED, Trait

WIDEST = 5.0  # nats of one observation: odds of 150, which only a mistake would exceed
EACH = pytest.mark.parametrize("trait", TRAITS, ids=lambda trait: trait.name)


@EACH
def test_every_value_has_a_prior_and_no_other_thing_has_one(trait: Trait) -> None:
    prior = figures.of(trait.name).prior

    assert set(prior) == (set(trait.values) or {figures.NONE})
    assert all(weight > 0 for weight in prior.values())


@EACH
def test_every_sign_has_figures_and_words_and_none_is_left_over(trait: Trait) -> None:
    assert set(figures.of(trait.name).tells) == {*trait.signs, DECLARED}
    assert all(str(sign.words).strip() for sign in trait.signs.values())


@EACH
def test_a_sign_says_something_of_every_value(trait: Trait) -> None:
    for name, tells in figures.of(trait.name).tells.items():
        said = list(tells.nats.values()) if tells.named is None else [tells.named, tells.others]
        assert tells.named is not None or set(tells.nats) == set(trait.values), name
        assert len(set(said)) > 1, f"{name} tells nothing"
        assert name == DECLARED or max(map(abs, said)) <= WIDEST, name
        assert tells.most >= 1, name


@EACH
def test_the_clients_own_word_outweighs_everything_else_that_can_be_seen(trait: Trait) -> None:
    tells = figures.of(trait.name).tells

    seen = sum(tells[name].most * _spread(tells[name]) for name in trait.signs)

    assert tells[DECLARED].named == 100
    assert seen + 5 < 100


def _spread(tells: figures.Tells) -> float:
    """How far one observation can part two values, in nats."""
    said = [*tells.nats.values(), tells.named or 0, tells.others]
    return max(said) - min(said)


@EACH
def test_a_value_is_named_in_words_where_the_sign_names_it(trait: Trait) -> None:
    for name, sign in trait.signs.items():
        named = figures.of(trait.name).tells[name].named is not None
        assert ("%(value)s" in str(sign.words)) == named, name


@EACH
def test_the_sql_reads_tables_that_exist_and_says_so(trait: Trait) -> None:
    assert trait.file.reads
    for table in trait.file.reads:
        assert registry.columns(table) or sqlfiles.shared(table) or table == "features", table


def test_names_are_unique_and_fit_a_column() -> None:
    names = [trait.name for trait in TRAITS]

    assert len(set(names)) == len(names) == 20
    assert all(name.isidentifier() and len(name) <= 30 for name in names)


def test_there_are_no_figures_of_a_trait_that_is_not_there() -> None:
    with pytest.raises(KeyError, match="taste"):
        figures.of("taste")
