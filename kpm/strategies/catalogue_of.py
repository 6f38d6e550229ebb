"""The catalogues as the engine reads them: features, whose files the portrait owns, and outcomes, which are ours."""

from functools import lru_cache
from pathlib import Path

from clients.portrait import selectors as portrait
from kpm.engine.catalogue import Catalogue
from kpm.engine.catalogue_file import load_features, load_outcomes

FOLDER = Path(__file__).resolve().parent / "catalogue"


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """Return the features of this installation."""
    return load_features(portrait.catalogue_text())


@lru_cache(maxsize=1)
def outcomes() -> Catalogue:
    """Return the outcomes that goals may name, and those that only a treated client can have."""
    return load_outcomes((FOLDER / "outcomes.yaml").read_text(encoding="utf-8"), features=catalogue())
