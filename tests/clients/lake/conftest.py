"""A lake of its own for every test."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from clients.lake.reading import open_lake


@pytest.fixture
def lake(settings: Any, tmp_path: Path) -> Path:
    """An empty lake."""
    settings.LAKE_DIR = tmp_path / "lake"
    return tmp_path / "lake"


@pytest.fixture
def con(lake: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection over the empty lake."""
    with open_lake() as opened:
        yield opened
