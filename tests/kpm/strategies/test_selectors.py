"""Questions about strategies and what came of them."""

from typing import Any

import pytest
from model_bakery import baker

from kpm.strategies import selectors
from kpm.strategies.models import Hit, HitFeedback, Strategy
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def answered(strategy: Strategy, key: str, **fields: Any) -> None:
    """One answer of the desk about a hit of this strategy."""
    bob = factories.client("Bob")
    hit = baker.make(Hit, strategy=strategy, client=bob, branch=bob.branch)
    HitFeedback.objects.create(hit=hit, idem_key=key, at=NOW, **fields)


def test_answers_of_the_desk_are_counted_for_one_strategy() -> None:
    ours, other = baker.make(Strategy, code="KPM-001"), baker.make(Strategy, code="KPM-002")
    answered(ours, "a", contact="reached", response="agreed", verdict="right")
    answered(ours, "b", contact="reached", response="not_interested", verdict="stale")
    answered(ours, "c", contact="not_answered")
    answered(other, "d", contact="reached", response="agreed", verdict="right")

    assert selectors.answers(ours) == {"answered": 3, "reached": 2, "right": 1}
    assert selectors.answers(baker.make(Strategy, code="KPM-003")) == {"answered": 0, "reached": 0, "right": 0}
