"""What the tests of the importer share."""

from pathlib import Path
from typing import Any

import pytest

from tests.clients.intake.taking import Take
from tests.clients.intake.world import furnish


@pytest.fixture
def take(db: None, settings: Any, tmp_path: Path) -> Take:
    """Imports into an empty record, with folders of its own."""
    settings.VAR, settings.REJECT_DIR, settings.LAKE_DIR = tmp_path / "var", tmp_path / "rejects", tmp_path / "lake"
    return Take(tmp_path)


@pytest.fixture
def world(take: Take) -> Take:
    """The same, with a branch, two people and three securities."""
    furnish()
    return take
