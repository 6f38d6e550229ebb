"""Ways round the launch that look open at first: plans of others, versions that never ran, steps taken during a run."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from clients.org.models import Role
from clients.register.models import Client
from kpm.strategies import services
from kpm.strategies.importing import import_version
from kpm.strategies.models import Run, Signature, Strategy, StrategyHold, StrategyVersion
from kpm.strategies.services import approvals, places, withdrawing
from kpm.strategies.services.yamlform import BadYaml
from tests import factories
from tests.factories import NOW
from tests.kpm.strategies import rounds
from tests.kpm.strategies.launching import approved, business, live
from tests.kpm.strategies.test_breaker import clients, judged
from tests.kpm.strategies.test_editing import OTHER, strategy, submitted
from tests.kpm.strategies.test_launching import THIRD, _in_english, client_of_a_branch, refused, state

__all__ = ["_in_english", "client_of_a_branch", "clients", "strategy"]
pytestmark = pytest.mark.django_db


def test_a_branch_does_not_run_its_strategy_in_another_branch(strategy: Strategy) -> None:
    head = factories.branch("HQ")
    place, other = (factories.branch(code) for code in ("HF01", "NJ01"))
    place.parent = head
    place.save()
    fang = factories.staff("Fang", roles=(Role.BRANCH_AUTHOR,), at=place).user
    version = services.copy_for_branch(strategy=strategy, by=fang, now=NOW)
    step = version.steps.order_by("order")[0]

    step.branches.set([place, other])
    both = places.draw(step)
    step.branches.set([other])

    assert (both, places.draw(step)) == ([place.pk], [])


def test_who_wrote_what_a_branch_copies_does_not_sign_the_copy(strategy: Strategy) -> None:
    submitted(strategy, condition=OTHER)  # by Alice, and nobody signed it
    place = factories.branch("HF01")
    fang = factories.staff("Fang", roles=(Role.BRANCH_AUTHOR,), at=place).user

    copy = services.copy_for_branch(strategy=strategy, by=fang, now=NOW)

    names = {person.name for person in factories.Staff.objects.filter(user__in=approvals.writers(copy))}
    assert names == {"Alice", "Bert", "Fang"}


def test_going_back_leads_to_what_ran_everywhere_only(strategy: Strategy) -> None:
    never = approved(submitted(strategy, condition=OTHER), NOW)
    live(submitted(strategy, condition=THIRD, emergency=True), NOW)

    assert "never ran everywhere" in refused(services.roll_back, version=never, by=business("Dora"), reason="quick")


@pytest.mark.parametrize("role", [Role.BUSINESS_APPROVER, Role.OPERATOR])
def test_nobody_of_a_branch_stops_or_starts_what_is_the_company_s(strategy: Strategy, role: Role) -> None:
    place = factories.branch("HF01")
    place.parent = factories.branch("HQ")
    place.save()
    near = factories.staff("Hu", roles=(role,), at=place).user

    assert "no strategy of your branch" in refused(services.pause, strategy=strategy, by=near)
    assert "no strategy of your branch" in refused(services.retire, strategy=strategy, by=near, reason="mine")
    assert state()[0] == "live"


def _taken_back(strategy: Strategy, version: StrategyVersion) -> None:
    services.roll_back(version=version.parent, by=business("Dora"), now=NOW, reason="wrong")


def _retired(strategy: Strategy, version: StrategyVersion) -> None:
    services.retire(strategy=strategy, by=business("Dora"), now=NOW, reason="over")


@pytest.mark.parametrize("step", [_taken_back, _retired])
def test_a_run_that_began_before_knows_what_was_taken_back_meanwhile(
    strategy: Strategy, step: Callable[[Strategy, StrategyVersion], None]
) -> None:
    version = live(submitted(strategy, condition=OTHER, emergency=True), NOW)
    before = withdrawing.over([version])

    step(strategy, version)

    assert (before, withdrawing.over([version])) == ([], [version.pk])


def _of_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on runs are those of the slot of events."""
    create = Run.objects.create
    monkeypatch.setattr(Run.objects, "create", lambda **said: create(**{**said, "slot": "event"}))


def test_a_slot_within_the_day_delivers_no_more_than_was_signed(
    clients: list[Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    version = rounds.version("OWN")
    Signature.objects.create(version=version, matched=5, low=4, high=6, by=business(), at=NOW)
    _of_the_day(monkeypatch)

    assert judged({version: clients[:2]}) == {"OWN": {(9, "")}}
    assert judged({version: clients[:7]}) == {"OWN": {(7, "held_signature")}}


def test_what_was_delivered_within_the_day_does_not_stand_for_the_signed_number(
    clients: list[Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    version = rounds.version("OWN")
    Signature.objects.create(version=version, matched=5, low=4, high=6, by=business(), at=NOW)
    done = rounds.run([(version, client) for client in clients[:2]], now=NOW)
    Run.objects.filter(pk=done.pk).update(slot="event")

    assert judged({version: clients[:9]}) == {"OWN": {(7, "held_signature")}}


def test_a_slot_within_the_day_that_finds_nearly_everybody_is_held(
    clients: list[Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    version = rounds.version("OWN", breaker={"share": 0.5})
    version.events.create(kind="launched", by=None, at=NOW)
    _of_the_day(monkeypatch)

    assert judged({version: clients[:7]}) == {"OWN": {(7, "held_breaker")}}
    assert StrategyHold.objects.get().what == "share"


@pytest.mark.parametrize(
    "text",
    [
        "note: a\x01b", "note: 2026-13-45", "0x10: a", "null: a", "true: a", "? [a]\n: b", "a: " + "[" * 5000,
        "plan: 5", "plan: [5]", "plan: [{min_days: 1, min_sample: 1, branches: 5}]",
        "plan: [{min_days: 1, min_sample: 1, branches: [[A]]}]", "plan: [{min_days: 1, min_sample: 1, branches: HF01}]",
        "plan: [{min_days: 1, min_sample: 1, branches: [NONE]}]", "plan: [{min_days: 1, min_sample: 1, share: 900}]",
    ],
)  # fmt: skip
def test_a_text_that_is_no_version_is_refused_in_words_and_changes_nothing(strategy: Strategy, text: str) -> None:
    with pytest.raises(BadYaml) as refusal, transaction.atomic():
        import_version(strategy=strategy, text=text, by=factories.staff("Alice").user, now=NOW)

    assert str(refusal.value)
    assert strategy.versions.count() == 1


def test_a_text_without_its_plan_leaves_the_plan(strategy: Strategy) -> None:
    version = import_version(strategy=strategy, text="plan:\nnote: new", by=factories.staff("Alice").user, now=NOW)

    assert (version.note, version.steps.count()) == ("new", 3)


def test_who_has_a_goal_and_holds_nobody_out_says_why(strategy: Strategy) -> None:
    said: dict[str, Any] = {"goal": "since_hit_net_inflow >= 0", "holdout_pct": 0, "purpose": "service"}
    with pytest.raises(services.CannotChange, match="holds nobody out"):
        submitted(strategy, condition=OTHER, **said)

    assert submitted(strategy, holdout_reason="he asked for it").submitted_at == NOW
