"""From a submitted version to a live one and back: who signs, what is refused, and that nothing runs unsigned."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.utils.translation import override

from clients.market.calendar import calendar
from clients.org.models import Role, User
from clients.register.models import Client
from kpm.strategies import services
from kpm.strategies.models import Approval, HitEnding, Strategy, StrategyVersion, VersionEvent
from kpm.strategies.services import approvals, places
from kpm.strategies.services.launching import is_eve
from tests import factories
from tests.factories import NOW
from tests.kpm.strategies import rounds
from tests.kpm.strategies.launching import approved, business, compliance, live
from tests.kpm.strategies.test_editing import OTHER, draft, strategy, submitted, trail
from tests.kpm.strategies.test_library import TASK, entry

__all__ = ["strategy"]
pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
THIRD = "top1_position_ratio >= 0.9"


@pytest.fixture
def client_of_a_branch() -> None:
    """So that there are branches to draw."""
    for code in ("A", "B", "C"):
        factories.client(at=factories.branch(code))


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with override("en"):
        yield


def somebody() -> Client:
    """Bob, in a branch with a licensed adviser."""
    factories.staff("Ann", roles=(Role.ADVISER,), licence="S0001")
    return factories.client("Bob", manager=factories.staff())


def state() -> tuple[str, StrategyVersion | None, StrategyVersion | None]:
    row = Strategy.objects.get()
    return row.status, row.live_version, row.pilot_version


def refused(call: Callable[..., object], **said: Any) -> str:
    """The sentence of a refusal that changed nothing."""
    before = (Strategy.objects.values().get(), Approval.objects.count(), VersionEvent.objects.count())
    with pytest.raises(services.CannotChange) as why:
        call(now=NOW, **said)
    assert (Strategy.objects.values().get(), Approval.objects.count(), VersionEvent.objects.count()) == before
    return str(why.value)


@pytest.mark.parametrize("writer", ["Alice", "Bert", "Erin"])
def test_nobody_who_wrote_or_submitted_a_version_signs_it(strategy: Strategy, writer: str) -> None:
    """Alice drafted it, Erin changed a field of hers, Bert submitted it; all of them hold every role."""
    version = draft(strategy, condition=OTHER)
    version.priority = 1
    services.save_draft(version=version, changed=["priority"], by=factories.staff("Erin").user, now=NOW)
    services.submit_version(version=version, by=factories.staff("Bert").user, now=NOW)
    person = User.objects.get(staff__name=writer)
    for role in (Role.BUSINESS_APPROVER, Role.COMPLIANCE, Role.SERVICE_OPS):
        person.staff.roles.create(role=role, valid_from=date(2020, 1, 1))

    for call, more in ((services.approve, {}), (services.reject, {"comment": "no"})):
        assert "does not decide" in refused(call, version=version, by=person, **more)


def test_two_roles_sign_the_number_and_the_purpose_and_the_version_is_approved(strategy: Strategy) -> None:
    version = submitted(strategy, condition=OTHER)
    bea, cora = business(), compliance()

    services.approve(version=version, by=bea, now=NOW, comment="worth it")
    half = approvals.is_approved(version)
    services.approve(version=version, by=cora, now=LATER)

    assert (half, approvals.is_approved(version)) == (False, True)
    rows = version.approvals.order_by("pk").values_list("role", "decision", "by", "comment", "purpose")
    assert list(rows) == [
        ("business", "approve", bea.pk, "worth it", "risk"), ("compliance", "approve", cora.pk, "", "risk"),
    ]  # fmt: skip
    assert trail(version)[-2:] == [("approved", "Bea"), ("approved", "Cora")]
    assert state() == ("live", strategy.live_version, None)


def test_nobody_signs_twice_with_two_roles(strategy: Strategy) -> None:
    version = submitted(strategy, condition=OTHER)
    both = factories.staff("Bea", roles=(Role.BUSINESS_APPROVER, Role.COMPLIANCE)).user
    services.approve(version=version, by=both, now=NOW)

    assert "nobody signs twice" in refused(services.approve, version=version, by=both, role="compliance")
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.create(
            version=version, role="compliance", decision="approve", by=both, at=NOW, purpose="service"
        )
    with pytest.raises(InternalError), transaction.atomic():
        Approval.objects.all().delete()
    assert not approvals.is_approved(version)


def test_many_deliveries_need_a_third_signature(strategy: Strategy) -> None:
    version = submitted(strategy, condition=OTHER)
    version.expected = {"deliveries": 20_001}

    assert approvals.needed(version) == ["business", "compliance", "service"]


def test_sent_back_it_is_written_anew_and_its_author_still_does_not_sign(strategy: Strategy) -> None:
    first = draft(strategy, condition=OTHER)
    alice = first.author
    services.submit_version(version=first, by=alice, now=NOW)
    bea = business()
    assert "gives a reason" in refused(services.reject, version=first, by=bea, comment=" ")

    services.reject(version=first, by=bea, now=NOW, comment="too many")
    second = services.draft_version(strategy=strategy, by=factories.staff("Erin").user, now=NOW)
    services.submit_version(version=second, by=second.author, now=NOW)

    assert "was sent back" in refused(services.approve, version=first, by=compliance())
    assert (second.number, second.parent, second.condition) == (3, first, OTHER)
    assert alice.pk in approvals.writers(second)
    assert "not all its approvals" in refused(services.begin_pilot, version=first, by=bea)


def test_a_strategy_that_never_ran_shows_how_far_its_version_has_come(strategy: Strategy) -> None:
    Strategy.objects.update(status="draft", live_version=None)
    version = submitted(strategy, condition=OTHER)
    said = [state()[0]]

    services.reject(version=version, by=business(), now=NOW, comment="no")
    said.append(state()[0])
    approved(submitted(strategy, condition=THIRD), NOW)

    assert [*said, state()[0]] == ["in_review", "draft", "approved"]


def test_what_the_library_wrote_and_did_not_launch_is_not_signed(strategy: Strategy) -> None:
    services.load_library(entries=[entry(priority=1)], now=NOW)
    Strategy.objects.update(live_version=StrategyVersion.objects.get(number=1))
    VersionEvent.objects.filter(version__number=2)
    Strategy.objects.create(code="OWN", name_zh="一", name_en="One")
    version = StrategyVersion.objects.create(
        strategy=Strategy.objects.get(code="OWN"), number=1, purpose="service", condition="TRUE", action="task",
        handler="client_manager", submitted_at=NOW,
    )  # fmt: skip

    with pytest.raises(services.CannotChange, match="The library wrote this version"):
        services.approve(version=version, by=business(), now=NOW)

    assert not Approval.objects.exists()


@pytest.mark.usefixtures("client_of_a_branch")
def test_from_the_pilot_over_the_steps_to_live(strategy: Strategy) -> None:
    version, dora = approved(submitted(strategy, condition=OTHER), NOW), business("Dora")
    said = []

    services.begin_pilot(version=version, by=dora, now=NOW)
    for _step in range(3):
        row, first, second = state()
        said.append((row, first.number if first else 0, second.number if second else 0))
        services.roll_on(strategy=strategy, by=dora, now=NOW)

    assert said == [("pilot", 1, 2), ("rolling", 1, 2), ("rolling", 1, 2)]
    assert state() == ("live", version, None)
    assert [kind for kind, _who in trail(version)[-4:]] == ["piloted", "stepped", "stepped", "launched"]
    steps = [set(drawn) for drawn in version.steps.values_list("drawn", flat=True)]
    assert [len(drawn) for drawn in steps] == [2, 2, 2]
    assert steps[0] == steps[1] == steps[2]


def test_only_risk_regulation_and_emergencies_go_live_at_once(strategy: Strategy) -> None:
    version = approved(submitted(strategy, condition=OTHER, purpose="service"), NOW)
    ben = business("Ben")
    assert "begin with the pilot" in refused(services.launch_now, version=version, by=ben, reason="quick")
    urgent = approved(submitted(strategy, condition=THIRD, purpose="service", emergency=True), NOW)
    assert "Say why" in refused(services.launch_now, version=urgent, by=ben, reason=" ")
    assert "An approver" in refused(services.launch_now, version=urgent, by=factories.staff("Eve").user, reason="x")

    services.launch_now(version=urgent, by=ben, now=NOW, reason="a leak")

    assert state() == ("live", urgent, None)
    assert urgent.events.latest("pk").note == "a leak"


def test_going_back_takes_one_approver_a_reason_and_ends_what_waits(strategy: Strategy) -> None:
    first = strategy.live_version
    assert first is not None
    second = live(submitted(strategy, condition=OTHER, emergency=True), NOW)
    done = rounds.run([(second, somebody())], now=NOW)
    assert rounds.stops(done)[TASK, "Bob"] == ""
    dora = business("Dora")
    assert "Say why" in refused(services.roll_back, version=first, by=dora, reason="")

    services.roll_back(version=first, by=dora, now=LATER, reason="wrong threshold")

    assert state() == ("live", first, None)
    assert rounds.stops(done)[TASK, "Bob"] == "rolled_back"
    assert HitEnding.objects.values_list("reason", flat=True).get() == "rolled_back"
    assert trail(second)[-1] == ("withdrawn", "Dora")
    assert trail(first)[-1] == ("rolled_back", "Dora")
    assert "taken back" in refused(services.launch_now, version=second, by=dora, reason="again")


@pytest.mark.usefixtures("client_of_a_branch")
def test_a_pilot_is_taken_back_and_the_live_version_runs_everywhere_again(strategy: Strategy) -> None:
    version = approved(submitted(strategy, condition=OTHER), NOW)
    dora = business("Dora")
    services.begin_pilot(version=version, by=dora, now=NOW)
    apart = {place.version: place.branches for place in places.running("after_settlement")}

    services.end_rollout(strategy=strategy, by=dora, now=NOW, reason="complaints")

    assert state() == ("live", strategy.live_version, None)
    here, rest = apart[version], apart[strategy.live_version]
    assert (here or set()) & (rest or set()) == set()
    assert [place.branches for place in places.running("after_settlement")] == [None]
    assert "taken back" in refused(services.begin_pilot, version=version, by=dora)


@pytest.mark.usefixtures("client_of_a_branch")
def test_a_pause_stops_pilot_and_live_and_resuming_brings_both_back(strategy: Strategy) -> None:
    version, dora = approved(submitted(strategy, condition=OTHER), NOW), business("Dora")
    services.begin_pilot(version=version, by=dora, now=NOW)
    services.pause(strategy=strategy, by=dora, now=NOW, reason="look")
    paused = places.running("after_settlement")
    assert "that runs" in refused(services.pause, strategy=strategy, by=dora)
    assert "rolled out" in refused(services.roll_on, strategy=strategy, by=dora)

    services.resume(strategy=strategy, by=dora, now=NOW)

    assert paused == []
    assert state() == ("pilot", strategy.live_version, version)
    assert "Only a paused" in refused(services.resume, strategy=strategy, by=dora)


def test_what_an_approver_paused_its_author_does_not_resume(strategy: Strategy) -> None:
    ada, dora = factories.staff("Ada", roles=(Role.STRATEGY_AUTHOR,)).user, business("Dora")
    services.pause(strategy=strategy, by=ada, now=NOW)
    services.resume(strategy=strategy, by=ada, now=NOW)
    services.pause(strategy=strategy, by=dora, now=LATER, reason="complaints")

    assert "An approver paused it" in refused(services.resume, strategy=strategy, by=ada)
    services.resume(strategy=strategy, by=compliance(), now=LATER)

    assert state()[0] == "live"


def test_what_was_paused_stays_off_while_its_successor_is_piloted(strategy: Strategy, client_of_a_branch: None) -> None:
    version, dora = approved(submitted(strategy, condition=OTHER), NOW), business("Dora")
    services.pause(strategy=strategy, by=dora, now=NOW)

    services.begin_pilot(version=version, by=dora, now=NOW)

    assert state() == ("pilot", None, version)
    assert [place.version for place in places.running("after_settlement")] == [version]


def test_a_retired_strategy_matches_nothing_and_nothing_of_it_is_delivered(strategy: Strategy) -> None:
    dora = business("Dora")
    assert strategy.live_version is not None
    done = rounds.run([(strategy.live_version, somebody())], now=NOW)
    assert "Say why" in refused(services.retire, strategy=strategy, by=dora, reason="")

    services.retire(strategy=strategy, by=dora, now=NOW, reason="nobody needs it")

    assert state()[0] == "retired"
    assert places.running("after_settlement") == []
    assert rounds.stops(done)[TASK, "Bob"] == "retired"
    assert "retired" in refused(services.draft_version, strategy=strategy, by=dora)


def test_nothing_begins_on_the_eve_of_a_long_closure(strategy: Strategy, client_of_a_branch: None) -> None:
    cal = calendar()
    eve = next(day for day in cal.open_days if day.year == 2026 and (cal.shift(day, 1) - day).days > 3)
    version, dora = approved(submitted(strategy, condition=OTHER), NOW), business("Dora")
    then = datetime.combine(eve, NOW.timetz())

    with pytest.raises(services.CannotChange, match="closes for several days"):
        services.begin_pilot(version=version, by=dora, now=then)

    assert state() == ("live", strategy.live_version, None)
    assert (is_eve(eve, cal), is_eve(date(2026, 11, 20), cal)) == (True, False)  # an ordinary weekend is no closure
