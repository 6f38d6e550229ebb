"""The importer's fixtures, for the kinds of behaviour, and folders of capture for every test."""

from pathlib import Path
from typing import Any

import pytest

from tests.clients.intake.conftest import take, world

__all__ = ["captured", "take", "world"]


@pytest.fixture
def captured(settings: Any, tmp_path: Path) -> Path:
    """A folder for segments, beside an empty lake and no dead letters."""
    settings.LAKE_DIR = tmp_path / "lake"
    settings.DEAD_LETTER_DIR = tmp_path / "letters"
    settings.COLLECT_DIR = tmp_path / "segments"
    return tmp_path / "segments"
