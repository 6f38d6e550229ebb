"""The value that arbitration serves, against simpler orders at the same capacity."""

import pytest

from bench import arbitration

pytestmark = pytest.mark.django_db(transaction=True)


def test_more_is_served_than_by_priority_and_much_more_than_as_it_comes() -> None:
    found = arbitration.values(days=3)

    assert found.ours / found.priority >= 1.5
    assert found.priority > found.first_come
