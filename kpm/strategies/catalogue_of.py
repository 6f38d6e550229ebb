"""The feature catalogue as the engine reads it. The portrait owns the file; kpm only reads its text."""

from functools import lru_cache

from clients.portrait import selectors as portrait
from kpm.engine.catalogue import Catalogue
from kpm.engine.catalogue_file import load_features


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """Return the catalogue of this installation."""
    return load_features(portrait.catalogue_text())
