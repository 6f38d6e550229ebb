"""Many hits at once: one statement for all of them, one that fails leaves the others, a client's come in turn."""

from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from advisory.dispatch import services as dispatch
from advisory.dispatch.services.together import rounds, together
from advisory.inbox.models import Delivery, Message, MessageTemplate
from clients.behaviour.models import BusinessFact
from clients.org.models import Branch
from clients.register.models import Client, Touch
from kpm.strategies.models import Hit, HitEnding, StrategyVersion
from tests import factories as make
from tests.kpm.strategies.rounds import DAY, run, version

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lake(settings: Any, tmp_path: Path) -> None:
    settings.LAKE_DIR = tmp_path


def risk(code: str, *, text: str = "A") -> StrategyVersion:
    """A version whose message no cap stops."""
    return version(code, action="push", purpose="risk", template_code=text, condition="age > 0")


def found(of: StrategyVersion, clients: list[Client]) -> None:
    """A text for it, and a hit of each client that the night left undelivered."""
    MessageTemplate.objects.get_or_create(
        code="A", version=1, defaults={"title": "T", "body": "{age}", "active": True, "published_at": make.NOW}
    )
    run([(of, one) for one in clients], now=make.NOW, day=DAY, evidence='{"age": "30"}')


def people(n: int, branch: Branch | None = None) -> list[Client]:
    return [make.client(f"P{number}", login=False) for number in range(n)]


def test_rounds_hold_one_of_each_owner_in_his_order() -> None:
    assert rounds(["a1", "a2", "b1", "a3", "c1", "c2"], lambda row: row[0]) == [
        ["a1", "b1", "c1"],
        ["a2", "c2"],
        ["a3"],
    ]
    assert rounds([], lambda row: row) == []


@pytest.mark.parametrize("bad", [set(), {0}, {3}, {0, 1, 6}, set(range(7))])
def test_those_that_fail_alone_are_told_and_the_others_are_done(bad: set[int]) -> None:
    def do(rows: Any) -> list[str]:
        if bad & set(rows):
            raise ValueError(rows)
        return [f"done {row}" for row in rows]

    answers = together(range(7), do, lambda row: f"failed {row}")

    assert answers == [f"failed {row}" if row in bad else f"done {row}" for row in range(7)]


def test_a_database_that_goes_away_is_nobody_s_fault() -> None:
    def do(_rows: Any) -> list[str]:
        raise OperationalError("gone")

    with pytest.raises(OperationalError, match="gone"):
        together([1, 2], do, str)


def test_many_messages_cost_as_many_statements_as_one() -> None:
    statements = []
    for code, clients in (("ONE", people(1)), ("MANY", people(9))):
        found(risk(code), clients)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            dispatch.deliver_pending(now=make.NOW)
        statements.append(len(seen))

    assert statements[1] == statements[0]
    kept = (Message, Delivery, Touch, HitEnding, BusinessFact)
    assert [model.objects.count() for model in kept] == [10, 10, 10, 10, 10]
    assert set(Message.objects.values_list("body", flat=True).distinct()) == {Message.objects.all()[0].body}


def test_one_without_a_text_leaves_the_others_their_messages() -> None:
    clients = people(3)
    found(risk("GOOD"), clients)
    found(risk("BAD", text="NONE"), clients[1:2])

    counts = dispatch.deliver_pending(now=make.NOW)

    assert counts == {"message": 3, "failed": 1}
    assert Message.objects.count() == Touch.objects.count() == 3
    assert list(Hit.objects.filter(stopped_by="failed").values_list("strategy__code", flat=True)) == ["BAD"]
