"""Held risk and regulatory hits: operators hear of them at once, approvers when nobody looked in time."""

from datetime import timedelta
from typing import Any

import pytest

from clients.org.models import Role
from kpm.strategies import services
from kpm.strategies.models import Run, StrategyHold
from kpm.strategies.services import alarms
from tests import factories
from tests.clients.shared.test_admin import text
from tests.factories import NOW
from tests.kpm.strategies import rounds
from tests.kpm.strategies.launching import business, compliance
from tests.kpm.strategies.test_admin import logged_in, press

pytestmark = pytest.mark.django_db
DUE = NOW + timedelta(minutes=15)


def alarm(purpose: str = "risk") -> StrategyHold:
    """A version that the night held at NOW."""
    run = Run.objects.create(day=rounds.DAY, slot="after_settlement", cutoff=NOW, started_at=NOW)
    version = rounds.version("WILD", purpose=purpose)
    return StrategyHold.objects.create(
        version=version, run=run, kind="held_breaker", what="median", value=90, held_at=NOW,
        due_at=alarms.due(version, NOW),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("purpose", "due"), [("risk", DUE), ("regulatory", DUE), ("service", None), ("marketing", None)]
)
def test_somebody_looks_at_risk_and_regulatory_hits_within_a_quarter_of_an_hour(purpose: str, due: Any) -> None:
    assert alarm(purpose).due_at == due


def test_what_nobody_looks_into_in_time_is_escalated_once() -> None:
    hold = alarm()

    early = services.escalate(now=DUE - timedelta(seconds=1))
    late = services.escalate(now=DUE)
    again = services.escalate(now=DUE + timedelta(minutes=1))

    hold.refresh_from_db()
    assert (early, late, again, hold.escalated_at) == (0, 1, 0, DUE)


def test_what_an_operator_looks_into_is_not_escalated_and_stays_held() -> None:
    hold, otto = alarm(), factories.staff("Otto", roles=(Role.OPERATOR,)).user

    services.take(hold=hold, by=otto, now=NOW)

    assert services.escalate(now=DUE) == 0
    hold.refresh_from_db()
    assert (hold.taken_by, hold.taken_at, hold.escalated_at, hold.released_at) == (otto, NOW, None, None)
    with pytest.raises(services.CannotChange):
        services.take(hold=hold, by=compliance(), now=NOW)


def test_nobody_else_looks_into_it_and_nobody_after_its_release() -> None:
    hold = alarm()

    with pytest.raises(services.CannotChange):
        services.take(hold=hold, by=factories.staff("Mia").user, now=NOW)
    services.release(hold=hold, by=business(), now=NOW, reason="a market day")
    with pytest.raises(services.CannotChange):
        services.take(hold=hold, by=compliance(), now=NOW)

    hold.refresh_from_db()
    assert (hold.taken_at, services.escalate(now=DUE)) == (None, 0)


def test_the_operator_is_told_at_once_and_the_approver_when_it_is_escalated(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    hold, otto, bea = alarm(), logged_in("Otto", Role.OPERATOR), logged_in("Bea", Role.BUSINESS_APPROVER)
    first = [told(otto), told(bea)]

    time_machine.move_to(DUE, tick=False)
    services.escalate(now=DUE)
    second = [told(otto), told(bea), "wt-alarm" in text(bea.get("/kpm/strategies/"))]
    otto.post(press(hold, "take"))

    assert first == ["somebody looks into it until 11-22 10:15", ""]
    assert second == ["escalated 11-22 10:15, nobody looks into it"] * 2 + [True]
    assert [told(otto), told(bea)] == ["", ""]


def told(browser: Any) -> str:
    """What the alarm above the first page of the admin says last."""
    page = text(browser.get("/admin/"))
    return page.partition('class="wt-alarm"')[2].partition("<strong>")[2].partition("</strong>")[0]
