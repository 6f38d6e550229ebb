"""How the values of each feature lie on a day, counted when the night has computed them."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from clients.lake import manifest as manifests
from clients.portrait import catalogue, spreads
from tests import factories as make
from tests.clients.portrait.world import DAY, run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lake(settings: Any, tmp_path: Path) -> None:
    settings.LAKE_DIR = tmp_path


def test_the_night_counts_what_is_known_and_where_the_quartiles_lie() -> None:
    for balance in (100, 200, 300, 400, 500):
        make.cash(make.client("Bob"), balance)
    make.client("Nina")

    run(DAY)

    found = spreads.lying(DAY)
    assert found["cash_available"] == spreads.Lying("cash_available", 6, 1, 100.0, 200.0, 300.0, 400.0, 500.0)
    assert found["top1_position_ratio"].median is None
    assert found.keys() == {one.name for one in catalogue.features()}
    assert spreads.scales(DAY)["cash_available"] == Decimal("200")


def test_the_same_features_give_the_same_table() -> None:
    make.cash(make.client("Bob"), 100)
    run(DAY)
    before = manifests.read(spreads.TABLE, DAY)

    spreads.publish(DAY)

    assert manifests.read(spreads.TABLE, DAY) == before


def test_a_day_that_was_not_counted_has_no_scales() -> None:
    assert spreads.scales(DAY) == {}
