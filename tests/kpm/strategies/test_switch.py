"""One press stops service: in the run, at the delivery, and for tasks that wait; a second person lets it go on."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import InternalError, transaction
from django.utils.translation import override

from advisory.taskqueue import services as taskqueue
from clients.org.models import Role, User
from clients.register.models import Client, Consent
from kpm.strategies import services
from kpm.strategies.models import Hit, ServiceStop
from tests import factories
from tests.factories import NOW
from tests.kpm.strategies import rounds

pytestmark = pytest.mark.django_db


@pytest.fixture
def otto() -> User:
    """Otto watches over the strategies."""
    return factories.staff("Otto", roles=(Role.OPERATOR,)).user


def bob(code: str = "") -> Client:
    """Bob in a branch, who agrees to marketing."""
    client = factories.client("Bob", manager=factories.staff(at=factories.branch(code)))
    Consent.objects.create(
        client=client, purpose="marketing", version="1", given=True, channel="app", at=NOW - timedelta(days=1)
    )
    return client


def pressed(by: User, **said: Any) -> ServiceStop:
    stop = ServiceStop(**{"scope": "company", "purposes": "marketing", "reason": "a complaint", **said})
    return services.stop_service(stop=stop, by=by, now=NOW)


def stopped(hits: list[Hit]) -> set[str]:
    with transaction.atomic():
        return set(services.stopped_now(hits=hits, now=NOW + timedelta(seconds=1)).values())


@pytest.mark.parametrize(
    ("purpose", "purposes", "stops"),
    [
        ("marketing", "marketing", True), ("service", "marketing", False), ("service", "both", True),
        ("risk", "both", False),
    ],
)  # fmt: skip
def test_what_waits_to_be_delivered_stops_at_once(otto: User, purpose: str, purposes: str, stops: bool) -> None:
    done = rounds.run([(rounds.version("S", purpose=purpose), bob())], now=NOW)
    hits = list(Hit.objects.filter(run=done).select_related("version", "strategy", "client"))
    before = stopped(hits)

    pressed(otto, purposes=purposes)

    assert (before, stopped(hits)) == (set(), {"stopped_by_switch"} if stops else set())


def test_the_run_matches_and_stops_at_the_first_step(otto: User) -> None:
    pressed(otto)

    with rounds.round_of([(rounds.version("S", purpose="marketing"), bob())], day=rounds.DAY, now=NOW) as cursor:
        cursor.execute("SELECT stage, stopped_by FROM m")
        assert cursor.fetchall() == [(1, "stopped_by_switch")]


@pytest.mark.parametrize(
    ("said", "evidence", "stops"),
    [
        ({"scope": "security", "code": "600519.SH"}, '{"top1_security_name": "贵州茅台"}', True),
        ({"scope": "security", "code": "600519.SH"}, '{"security": "600519.SH"}', True),
        ({"scope": "security", "code": "600519.SH"}, '{"security": "000001.SZ"}', False),
        ({"scope": "product", "code": "TA.1"}, '{"product": "TA.1"}', True),
        ({"scope": "product", "code": "TA.1"}, "{}", False),
    ],
)
def test_a_product_or_a_security_stops_what_speaks_of_it(
    otto: User, said: dict[str, str], evidence: str, stops: bool
) -> None:
    factories.security()
    version = rounds.version("S", purpose="marketing")
    done = rounds.run([(version, bob())], now=NOW, evidence=evidence)

    pressed(otto, **said)

    found = stopped(list(Hit.objects.filter(run=done).select_related("version", "strategy", "client")))
    assert found == ({"stopped_by_switch"} if stops else set())


def test_a_branch_stops_with_those_below_it_and_no_others(otto: User) -> None:
    here, there = bob("HF01"), bob("NJ01")
    version = rounds.version("S", purpose="marketing")
    done = rounds.run([(version, one) for one in (here, there)], now=NOW)

    pressed(otto, scope="branch", branch=here.branch)

    hits = list(Hit.objects.filter(run=done).select_related("version", "strategy", "client"))
    with transaction.atomic():
        found = services.stopped_now(hits=hits, now=NOW)
    assert {hit.client: found.get(hit.uid, "") for hit in hits} == {here: "stopped_by_switch", there: ""}


def test_a_waiting_task_cannot_be_taken_until_a_second_person_lets_it_go_on(otto: User) -> None:
    client = bob()
    done = rounds.run([(rounds.version("S", purpose="marketing"), client)], now=NOW)
    task = factories.task(client, assignee=client.manager, hit_uid=Hit.objects.get(run=done).uid)
    stop = pressed(otto)
    with pytest.raises(taskqueue.CannotClaim, match="stopped"):
        taskqueue.claim(task=task, by=client.manager, now=NOW)
    with override("en"), pytest.raises(services.CannotChange, match="ask a colleague"):
        services.lift_stop(stop=stop, by=otto, now=NOW, reason="enough")
    olga = factories.staff("Olga", roles=(Role.SERVICE_OPS,)).user

    services.lift_stop(stop=stop, by=olga, now=NOW, reason="settled")

    assert taskqueue.claim(task=task, by=client.manager, now=NOW).worker == client.manager
    with pytest.raises(services.CannotChange):
        services.lift_stop(stop=stop, by=olga, now=NOW, reason="again")


def test_it_takes_the_right_person_and_a_reason_and_is_never_rewritten(otto: User) -> None:
    with pytest.raises(services.CannotChange):
        pressed(factories.staff("Mia").user)
    with pytest.raises(services.CannotChange):
        pressed(otto, reason=" ")
    assert not ServiceStop.objects.exists()
    pressed(otto)

    for change in ({"reason": "other"}, {"until": NOW}):
        with pytest.raises(InternalError), transaction.atomic():
            ServiceStop.objects.update(**change)
    assert ServiceStop.objects.get().reason == "a complaint"
