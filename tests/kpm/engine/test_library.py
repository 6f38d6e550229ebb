"""The starter library, where it is present, passes the checker whole."""

from pathlib import Path

import pytest
import yaml

from kpm.engine.catalogue import Catalogue
from kpm.engine.catalogue_file import load_features, load_outcomes
from kpm.engine.check import check, compile_condition

REPOSITORY = Path(__file__).resolve().parents[3]
PLACES = (REPOSITORY / "kpm/strategies/catalogue", REPOSITORY.parent / "shared/reference")


@pytest.fixture(scope="module")
def library() -> Path:
    for place in PLACES:
        if all((place / f"{name}.yaml").exists() for name in ("features", "outcomes", "strategies")):
            return place
    pytest.skip("the starter library is not beside the repository")


@pytest.fixture(scope="module")
def features(library: Path) -> Catalogue:
    return load_features((library / "features.yaml").read_text(encoding="utf8"))


@pytest.fixture(scope="module")
def outcomes(library: Path, features: Catalogue) -> Catalogue:
    return load_outcomes((library / "outcomes.yaml").read_text(encoding="utf8"), features=features)


@pytest.fixture(scope="module")
def strategies(library: Path) -> list[dict]:
    return yaml.safe_load((library / "strategies.yaml").read_text(encoding="utf8"))["strategies"]


def test_all_features_load(features: Catalogue, outcomes: Catalogue) -> None:
    assert (len(features), len(outcomes)) == (250, 36)


def test_every_trigger_and_outcome_passes(features: Catalogue, outcomes: Catalogue, strategies: list[dict]) -> None:
    pairs = [(s["code"], s["trigger"], features) for s in strategies]
    pairs += [(s["code"], s["outcome"]["success"], outcomes) for s in strategies]

    refused = {code: check(text, catalogue).problems for code, text, catalogue in pairs}

    assert len(strategies) == 206
    assert {code: problems for code, problems in refused.items() if problems} == {}


def test_the_normal_form_of_the_library_is_its_own_normal_form(features: Catalogue, strategies: list[dict]) -> None:
    once = [compile_condition(s["trigger"], features).normalised for s in strategies]

    twice = [compile_condition(text, features).normalised for text in once]

    assert twice == once
