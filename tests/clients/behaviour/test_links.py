"""Whose an anonymous history is, whatever comes in whichever order: the first client's, never a second one's."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.db import transaction
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.behaviour import attributions, sessions
from clients.behaviour.models import AnonymousLink
from tests.clients.behaviour.lineup import AT, agreeing, line, rows, take

pytestmark = pytest.mark.django_db
NOW = AT + timedelta(days=1)
HOURS = st.integers(0, 60)


def _hour(hour: int) -> datetime:
    return AT - timedelta(days=2) + timedelta(hours=hour)


def _links() -> list[tuple[str, int | None, datetime]]:
    return list(AnonymousLink.objects.order_by("anonymous_id").values_list("anonymous_id", "client_id", "at"))


def _attributed() -> list[tuple[str, int]]:
    return rows("day::VARCHAR, client_id", "attributions", "ALL")


def test_the_first_client_gets_what_was_before_him_and_the_second_nothing(captured: Path) -> None:
    alice, bob = agreeing("Alice"), agreeing("Bob")
    take(captured, line(_hour(0)), line(_hour(24), c=alice.pk), line(_hour(25)), line(_hour(26), c=bob.pk))

    changed = attributions.settle(now=NOW)

    assert [f"{day}" for day in changed] == ["2026-11-18"]
    assert _attributed() == [("2026-11-18", alice.pk)]
    assert _links() == [("a1", alice.pk, _hour(24))]
    assert attributions.settle(now=NOW) == []


def test_events_stay_as_they_came_and_visits_name_the_client(captured: Path) -> None:
    alice = agreeing()
    take(captured, line(_hour(0)))
    take(captured, line(_hour(1), c=alice.pk), line(_hour(2)))
    attributions.settle(now=NOW)

    sessions.bring_up(sessions.days_of_sources())

    assert rows("client_id", order="happened_at") == [(None,), (alice.pk,), (None,)]
    assert rows("client_id, events", "sessions", "started_at") == [(alice.pk, 1), (alice.pk, 1), (None, 1)]


def test_a_late_event_of_the_same_client_moves_the_moment_and_takes_back_what_was_after(captured: Path) -> None:
    alice = agreeing()
    take(captured, line(_hour(0)), line(_hour(30)), line(_hour(40), c=alice.pk))
    attributions.settle(now=NOW)
    assert len(_attributed()) == 2

    take(captured, line(_hour(20), c=alice.pk))
    attributions.settle(now=NOW)

    assert _links() == [("a1", alice.pk, _hour(20))]
    assert _attributed() == [("2026-11-18", alice.pk)]


def test_a_late_proof_of_somebody_else_makes_the_history_nobodys_for_ever(captured: Path) -> None:
    alice, bob = agreeing("Alice"), agreeing("Bob")
    take(captured, line(_hour(0)), line(_hour(40), c=alice.pk))
    attributions.settle(now=NOW)
    assert _attributed() == [("2026-11-18", alice.pk)]

    take(captured, line(_hour(20), c=bob.pk))
    attributions.settle(now=NOW)
    take(captured, line(_hour(1), c=alice.pk))
    attributions.settle(now=NOW)

    assert [client for _visitor, client, _at in _links()] == [None]
    assert _attributed() == []


def test_what_comes_late_from_before_the_link_joins_the_history(captured: Path) -> None:
    alice = agreeing()
    take(captured, line(_hour(40), c=alice.pk))
    attributions.settle(now=NOW)
    take(captured, line(_hour(0)))

    attributions.settle(now=NOW)

    assert _attributed() == [("2026-11-18", alice.pk)]


def test_a_number_of_the_visitor_that_no_text_of_the_record_can_hold_makes_no_link(captured: Path) -> None:
    alice = agreeing()

    taken = take(captured, line(c=alice.pk, event={"anonymousId": "a\0"}), line(n="C404"))

    assert taken.added == 1
    assert _links() == []


def test_settling_again_changes_no_file(captured: Path) -> None:
    alice = agreeing()
    take(captured, line(_hour(0)), line(_hour(40), c=alice.pk))
    attributions.settle(now=NOW)
    before = rows("t::VARCHAR", "attributions", "ALL")
    AnonymousLink.objects.update(settled=False)

    changed = attributions.settle(now=NOW + timedelta(days=1))

    assert changed == []
    assert rows("t::VARCHAR", "attributions", "ALL") == before


@contextmanager
def _clean() -> Iterator[Path]:
    """A lake of its own, and links that go afterwards."""
    with TemporaryDirectory() as name:
        base = Path(name)
        with override_settings(LAKE_DIR=base / "lake", DEAD_LETTER_DIR=base / "letters"):
            point = transaction.savepoint()
            yield base / "segments"
            transaction.savepoint_rollback(point)


@pytest.fixture
def couple() -> tuple[int, int]:
    """Two clients who share a device."""
    return agreeing("Alice").pk, agreeing("Bob").pk


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=st.lists(st.tuples(HOURS, st.sampled_from([None, 0, 1])), min_size=1, max_size=8),
    cuts=st.sets(st.integers(1, 7), max_size=2),
    late=st.booleans(),
)
def test_nobody_ever_gets_what_may_be_anothers(
    couple: tuple[int, int], told: list[tuple[int, int | None]], cuts: set[int], late: bool
) -> None:
    come = told if late else sorted(told, key=lambda one: one[0])
    with _clean() as captured:
        for first, last in zip([0, *sorted(cuts)], [*sorted(cuts), 8], strict=True):
            lines = [line(_hour(hour), c=None if who is None else couple[who]) for hour, who in come[first:last]]
            take(captured, *lines)
        attributions.settle(now=NOW)
        sessions.bring_up(sessions.days_of_sources())
        (link,) = _links() or [("a1", None, None)]
        told_now = rows("client_id, epoch_us(happened_at)")
        visits = rows("client_id, sum(events) OVER (PARTITION BY client_id)::INTEGER", "sessions", "ALL")

    proofs = sorted((_hour(hour), couple[who]) for hour, who in told if who is not None)
    first_ones = {client for at, client in proofs if at == proofs[0][0]}
    assert link[1] is None or {link[1]} == first_ones  # only whoever was first, and nobody beside him
    assert link[1] is None or link[2] == proofs[0][0]
    if not late and len(first_ones) == 1:
        assert link[1] == proofs[0][1]
    before = sum(at < proofs[0][0] for at in (_hour(hour) for hour, who in told if who is None)) if proofs else 0
    for client in couple:
        own = sum(1 for who, _at in told_now if who == client)
        given_to = {count for who, count in visits if who == client}
        assert given_to == ({own + before} if client == link[1] else {own} if own else set())
