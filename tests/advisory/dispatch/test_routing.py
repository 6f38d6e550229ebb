"""Who gets a task: a decision over plain facts, with its reasons."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisory.dispatch.routing import Candidate, Route, route

ALICE = Candidate(staff_id=1, branch_id=10, licensed=False, load=50)
BEN = Candidate(staff_id=2, branch_id=10, licensed=True, load=7)
CARL = Candidate(staff_id=3, branch_id=10, licensed=True, load=3)
DORA = Candidate(staff_id=4, branch_id=20, licensed=True, load=0)
PEOPLE = [ALICE, BEN, CARL, DORA]


def decide(handler: str, manager_id: int | None, people: list[Candidate]) -> Route:
    return route(handler=handler, branch_id=10, branch_code="HF01", manager_id=manager_id, people=people)


@pytest.mark.parametrize(
    ("handler", "manager_id", "people", "staff_id", "pool", "reasons"),
    [
        ("client_manager", 1, PEOPLE, 1, "client_manager:HF01", ["the client's manager"]),
        ("client_manager", 9, PEOPLE, None, "client_manager:HF01", ["no valid manager", "branch pool"]),
        ("client_manager", None, PEOPLE, None, "client_manager:HF01", ["no valid manager", "branch pool"]),
        ("adviser", 2, PEOPLE, 2, "adviser:HF01", ["the client's manager is a licensed adviser"]),
        ("adviser", 1, PEOPLE, 3, "adviser:HF01", ["least loaded licensed adviser of the branch"]),
        ("adviser", None, [ALICE, DORA], 4, "adviser:HF01", ["least loaded licensed adviser of another branch"]),
        ("adviser", 1, [ALICE], None, "adviser:HF01", ["nobody licensed", "adviser pool"]),
        ("call_centre", 1, PEOPLE, None, "call_centre", ["call-centre work"]),
        ("system", None, [], None, "client_manager:HF01", ["no valid manager", "branch pool"]),
    ],
)
def test_the_order_of_the_router(
    handler: str, manager_id: int | None, people: list[Candidate], staff_id: int | None, pool: str, reasons: list[str]
) -> None:
    assert decide(handler, manager_id, people) == Route(staff_id, pool, reasons)


@given(
    st.lists(
        st.builds(Candidate, st.integers(1, 9), st.integers(1, 3), st.booleans(), st.integers(0, 99)),
        unique_by=lambda person: person.staff_id,
    ),
    st.none() | st.integers(1, 9),
    st.sampled_from(["adviser", "client_manager", "call_centre"]),
)
def test_advice_goes_to_nobody_without_a_licence_and_no_order_of_people_matters(
    people: list[Candidate], manager_id: int | None, handler: str
) -> None:
    found = decide(handler, manager_id, people)

    by_number = {person.staff_id: person for person in people}
    assert found.staff_id is None or found.staff_id in by_number
    if handler == "adviser" and found.staff_id is not None:
        assert by_number[found.staff_id].licensed
    assert found.pool
    assert found.reasons
    assert decide(handler, manager_id, people[::-1]) == found
