"""A lake of its own for every test."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def lake(settings: Any, tmp_path: Path) -> Path:
    """An empty lake."""
    settings.LAKE_DIR = tmp_path / "lake"
    return tmp_path / "lake"
