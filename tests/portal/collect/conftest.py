"""A collector over a folder of its own."""

from pathlib import Path

import pytest

from tests.portal.collect.asking import Door


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return Door(tmp_path / "segments")
