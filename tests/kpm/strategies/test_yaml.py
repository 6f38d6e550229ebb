"""A version leaves as YAML and comes back as a draft: the same when nobody edited it, and every fault with its line."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from django.test import Client as Browser
from django.utils import translation

from clients.org.models import Role
from kpm.strategies.importing import FIELDS, import_version
from kpm.strategies.models import RolloutStep, Strategy, StrategyVersion, VersionEvent
from kpm.strategies.services.yamlform import BadYaml, to_yaml
from tests import factories
from tests.clients.shared.test_admin import BACKEND
from tests.factories import NOW
from tests.kpm.strategies.test_editing import OTHER, draft, strategy, submitted

__all__ = ["strategy"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def brought(strategy: Strategy, text: str) -> StrategyVersion:
    """The draft that Erin's import makes."""
    return import_version(strategy=strategy, text=text, by=factories.staff("Erin").user, now=NOW)


def said(version: StrategyVersion) -> dict[str, Any]:
    return dict(StrategyVersion.objects.filter(pk=version.pk).values(*FIELDS).get())


def plan(version: StrategyVersion) -> list[tuple[Any, ...]]:
    rows = version.steps.order_by("order")
    return [(s.order, s.share, s.min_days, s.min_sample, s.approval, [b.code for b in s.branches.all()]) for s in rows]


def test_what_nobody_edited_comes_back_the_same(strategy: Strategy) -> None:
    factories.branch("HF01")
    first = draft(strategy, condition=OTHER, note="a note: with a colon\nand a second line", emergency=True)
    first.steps.get(order=1).branches.set([factories.branch("HF01")])
    text = to_yaml(first, FIELDS)
    before = said(first), plan(first)
    first.condition, first.note = "top1_position_ratio >= 0.99", ""
    first.save()
    first.steps.all().delete()

    back = brought(strategy, text)

    assert back == first
    assert (said(back), plan(back)) == before
    assert before[1][0] == (1, 5, 10, 50, True, ["HF01"])
    assert to_yaml(back, FIELDS) == text
    edits = VersionEvent.objects.filter(version=back, kind="edited", by__staff__name="Erin").order_by("pk")
    assert list(edits.values_list("note", flat=True)) == ["condition note", "steps"]


def test_an_edited_text_makes_a_draft_and_leaves_the_live_version(strategy: Strategy) -> None:
    live = strategy.live_version
    assert live is not None
    known = yaml.safe_load(to_yaml(live, FIELDS))
    known["condition"], known["priority"] = OTHER, 1
    del known["plan"]

    version = brought(strategy, yaml.safe_dump(known, allow_unicode=True))

    assert (version.number, version.parent, version.submitted_at) == (2, live, None)
    assert {name for name, value in said(version).items() if value != said(live)[name]} == {"condition", "priority"}
    assert Strategy.objects.get().live_version == live


def test_what_a_text_does_not_name_stays_as_it_was(strategy: Strategy) -> None:
    version = brought(strategy, "priority: 1\nplan:\n- {min_days: 3, min_sample: 7}\n")

    live = strategy.live_version
    assert live is not None
    assert {name for name, value in said(version).items() if value != said(live)[name]} == {"priority"}
    assert plan(version) == [(1, 0, 3, 7, True, [])]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("priority: 1\n  purpose: risk\n", "2: mapping values are not allowed here"),
        ("- a list\n", "1: a version is a mapping of fields to values."),
        ("priority: 1\nprioritee: 2\n", "2: prioritee is no field of a version."),
        ("submitted_at: 2026-01-01\n", "1: submitted_at is no field of a version."),
        ("priority: 1\n\nstrategy: X-9\n", "3: this text is of the strategy X-9."),
        ("note: a\ncondition: top1_position_ratoi >= 0.7\n", "2: condition: "),
        ("note: a\n\npurpose: fun\n", "3: purpose: "),
        ("playbook_code: NONE\n", "1: playbook_code: "),
        ("note: a\nplan: []\n", "2: plan is a list of steps, at least one."),
        ("plan:\n- {share: 5}\n", "1: step 1 of the plan has branches, share,"),
        ("plan:\n- {min_days: 1, min_sample: 1, then: 2}\n", "1: step 1 of the plan has branches, share,"),
        ("note: a\nplan:\n- {min_days: 1, min_sample: 1, share: 101}\n", "2: step 1 of the plan: share: "),
        ("note: a\nplan:\n- {min_days: many, min_sample: 1}\n", "2: step 1 of the plan: min_days: "),
        ("plan:\n- {min_days: 1, min_sample: 1, branches: [ZZ]}\n", "1: there is no branch ZZ."),
    ],
)
def test_a_fault_has_its_line_and_no_draft_is_left(strategy: Strategy, text: str, fault: str) -> None:
    with pytest.raises(BadYaml) as refused:
        brought(strategy, text)

    assert str(refused.value).startswith(fault)
    assert StrategyVersion.objects.count() == 1


def test_a_key_that_stands_twice_is_refused_at_its_second_line(strategy: Strategy) -> None:
    with pytest.raises(BadYaml) as refused:
        brought(strategy, "priority: 1\nnote: a\npriority: 2\n")

    assert refused.value.faults[0][0] == 3


def test_a_fault_leaves_the_open_draft_as_it_was(strategy: Strategy) -> None:
    version = draft(strategy, condition=OTHER)
    before = said(version), plan(version)

    with pytest.raises(BadYaml):
        brought(strategy, "priority: 1\nplan:\n- {min_days: 1, min_sample: 1, branches: [ZZ]}\n")

    assert (said(version), plan(version)) == before
    assert RolloutStep.objects.filter(version=version).count() == 3


def test_the_admin_sends_a_version_and_takes_it_back(strategy: Strategy, time_machine: Any) -> None:
    time_machine.move_to(NOW)
    alice = Browser(headers={"accept-language": "en"})
    alice.force_login(factories.staff("Ann", roles=(Role.ADMINISTRATOR,)).user, backend=BACKEND)
    version = submitted(strategy, condition=OTHER)

    sent = alice.post(f"/admin/strategies/strategyversion/{version.pk}/press/export/")
    text = sent.content.decode().replace("0.8", "0.85")
    bad = alice.post(f"/admin/strategies/strategy/{strategy.pk}/press/import_yaml/", {"said": "prioritee: 1"})
    good = alice.post(f"/admin/strategies/strategy/{strategy.pk}/press/import_yaml/", {"said": text})

    written = StrategyVersion.objects.get(number=3)
    assert sent["Content-Disposition"] == f'attachment; filename="{strategy.code}-v2.yaml"'
    assert bad.status_code in (200, 302)
    assert good["Location"] == f"/admin/strategies/strategyversion/{written.pk}/change/"
    assert written.condition == OTHER.replace("0.8", "0.85")
