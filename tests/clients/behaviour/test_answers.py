"""Nothing is kept of a client who does not agree, and nobody else gets what is his."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from clients.behaviour import attributions
from clients.behaviour.models import AnonymousLink, CaptureTally
from clients.register.models import Client
from tests import factories as make
from tests.clients.behaviour.lineup import AT, agreeing, answer, letters, line, rows, take

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ANSWERS = [
    ([], False, True),  # never asked: a public key needs a yes, the operator's own systems ask for themselves
    ([(-9, True)], True, True),
    ([(-9, False)], False, False),
    ([(-9, True), (1, False)], False, False),
    ([(-9, False), (1, True)], False, False),  # when it happened he had refused
    ([(1, True)], False, True),
    ([(1, False)], False, False),
    ([(-9, False), (-8, True)], True, True),
    ([(0, True)], True, True),
    ([(-9, True), (-9, False)], False, False),
]


def _named(client: Client, *, server: bool) -> dict[str, Any]:
    return {"n": client.client_no} if server else {"c": client.pk}


@pytest.mark.parametrize("server", [False, True])
@pytest.mark.parametrize(("answers", "public", "operators"), ANSWERS)
def test_what_is_kept_follows_the_newest_answer_and_that_of_the_time(
    captured: Path, answers: list[tuple[int, bool]], public: bool, operators: bool, server: bool
) -> None:
    bob = make.client()
    for number, (days, given) in enumerate(answers):
        bob.consents.create(purpose="behaviour", version=str(number), given=given, channel="app", at=AT + days * DAY)
    kept = operators if server else public

    taken = take(captured, line(**_named(bob, server=server)), line(event={"anonymousId": "other"}))

    assert taken.added == 1 + kept
    assert rows("client_id", order="client_id") == [(bob.pk,), (None,)][not kept :]
    assert [(row.accepted, row.declined) for row in CaptureTally.objects.all()] == [(1 + kept, 1 - kept)]


def test_what_cannot_be_taken_of_who_refused_is_no_dead_letter_either(captured: Path) -> None:
    bob = make.client()

    taken = take(captured, line(c=bob.pk, event={"messageId": None}))

    assert (taken.added, taken.dead, letters(), AnonymousLink.objects.count()) == (0, 0, [], 0)


@pytest.mark.parametrize("together", [True, False])
def test_the_history_of_a_device_of_who_refused_is_nobodys(captured: Path, together: bool) -> None:
    ann, ben = make.client("Ann"), agreeing("Ben")
    answer(ann, given=False, at=AT - 9 * DAY)
    lines = [line(AT), line(AT + HOUR, c=ann.pk), line(AT + 2 * HOUR), line(AT + 3 * HOUR, c=ben.pk)]

    for portion in [lines] if together else [[one] for one in lines]:
        take(captured, *portion)
    attributions.settle(now=AT + DAY)

    assert list(AnonymousLink.objects.values_list("anonymous_id", "client", "at")) == [("a1", None, AT + HOUR)]
    assert rows("client_id", "attributions", "ALL") == []
    assert rows("client_id", order="happened_at") == [(None,), (None,), (ben.pk,)]


def test_a_late_proof_of_who_refused_takes_the_history_from_the_other(captured: Path) -> None:
    ann, ben = make.client("Ann"), agreeing("Ben")
    take(captured, line(AT), line(AT + 3 * HOUR, c=ben.pk))

    take(captured, line(AT + HOUR, c=ann.pk))

    assert AnonymousLink.objects.get().client is None


def test_no_history_is_written_down_for_who_refuses_by_then(captured: Path) -> None:
    ben = agreeing("Ben")
    take(captured, line(AT), line(AT + HOUR, c=ben.pk))
    answer(ben, given=False, at=AT + DAY)

    changed = attributions.settle(now=AT + 2 * DAY)

    assert changed == []
    assert rows("client_id", "attributions", "ALL") == []
