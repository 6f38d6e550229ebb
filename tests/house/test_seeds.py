"""The tests' own ground: what migrations seed is there after a test that commits."""

import pytest

from advisory.taskqueue.models import Disposition
from clients.market.models import Exchange, TradingDay
from tests import factories


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_test_that_commits_finds_the_seeds_and_none_of_the_rows_before(turn: int) -> None:
    days, answers = TradingDay.objects.count(), Disposition.objects.count()

    factories.client("Alice", client_no="C1")
    Disposition.objects.all().delete()
    Exchange.objects.create(code="XX", name="made up")

    assert days > 40_000
    assert answers == 22
