"""Strategies in the admin: what is live and what it found, a draft with its preview, its way to the live version."""

import html
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser

from clients.org.models import Role
from kpm.strategies import services
from kpm.strategies.models import ContactRule, Run, Stage, Strategy, StrategyVersion, VersionEvent
from kpm.strategies.version_form import VersionForm
from tests import factories
from tests.clients.shared.test_admin import BACKEND, text
from tests.factories import NOW
from tests.kpm.strategies import branch as story
from tests.kpm.strategies.test_library import TASK

pytestmark = pytest.mark.django_db


def logged_in(name: str, role: str = Role.ADMINISTRATOR) -> Browser:
    """A browser in English, so that pages can be read."""
    found = Browser(headers={"accept-language": "en"})
    found.force_login(factories.staff(name, roles=(role,)).user, backend=BACKEND)
    return found


@pytest.fixture
def alice() -> Browser:
    """Alice writes strategies."""
    return logged_in("Alice")


@pytest.fixture
def strategy(settings: Any, tmp_path: Path, time_machine: Any) -> Strategy:
    """The three strategies of the library, and four clients whose features are known, after one run."""
    settings.LAKE_DIR = tmp_path
    story.build()
    services.offer_delivery(kind="playbook", code=TASK, version=1)
    services.run_slot(day=story.DAY, now=story.features())
    time_machine.move_to(NOW)
    return Strategy.objects.get(code=TASK)


def draft(browser: Browser, of: Strategy) -> StrategyVersion:
    """The draft that the button opens."""
    answer = browser.post(f"/admin/strategies/strategy/{of.pk}/press/write_draft/")
    version = StrategyVersion.objects.get(strategy=of, submitted_at__isnull=True)
    assert answer["Location"] == address(version)
    return version


def address(version: StrategyVersion) -> str:
    return f"/admin/strategies/strategyversion/{version.pk}/change/"


def typed(version: StrategyVersion, **changes: Any) -> dict[str, Any]:
    """What the page of a draft sends."""
    known = {name: getattr(version, name) for name in VersionForm.Meta.fields}
    for name in ("steps", "approvals", "signatures", "events"):
        known |= {f"{name}-TOTAL_FORMS": 0, f"{name}-INITIAL_FORMS": 0}
    return {name: value for name, value in {**known, **changes}.items() if value is not None and value is not False}


def test_the_list_says_what_is_live_and_what_it_matched_last(alice: Browser, strategy: Strategy) -> None:
    page = text(alice.get("/admin/strategies/strategy/"))

    assert "MAT-TRD-019 v1" in page
    assert f"1 ({story.DAY})" in page
    assert page.count(f"({story.DAY})") == 3


def test_a_list_in_english_marks_what_is_chinese(alice: Browser, strategy: Strategy) -> None:
    page = text(alice.get("/admin/strategies/strategy/?o=2"))

    assert f'<td class="field-name_zh"><span lang="zh-Hans">{strategy.name_zh}</span></td>' in page
    assert f'<td class="field-name_en">{strategy.name_en}</td>' in page
    chinese = Browser(headers={"accept-language": "zh-hans"})
    chinese.force_login(factories.staff("Carl", roles=(Role.ADMINISTRATOR,)).user, backend=BACKEND)
    assert 'lang="zh-Hans"' not in text(chinese.get("/admin/strategies/strategy/"))


def test_the_page_of_a_version_previews_it_on_the_newest_day(alice: Browser, strategy: Strategy) -> None:
    page = text(alice.get(address(strategy.live_version)))

    assert f"{story.DAY}: matched 1, not matched" in page


def test_a_draft_is_edited_previewed_submitted_signed_by_two_and_launched(alice: Browser, strategy: Strategy) -> None:
    version = draft(alice, strategy)
    nobody = "top1_position_ratio > 1 AND position_market_value >= 200000"

    saved = alice.post(address(version), typed(version, condition=nobody, change_note="whom does it leave"))
    page = text(alice.get(address(version)))
    alice.post(f"/admin/strategies/strategyversion/{version.pk}/press/submit/")
    trail = text(alice.get(address(version)))

    assert saved.status_code == 302
    assert f"{story.DAY}: matched 0, not matched" in page
    assert all(word in trail for word in ("Drafted", "Edited", "what changed, condition", "Submitted", " Alice"))
    assert f"0 clients on the data of {story.DAY}" in trail
    for name, role in (("Bea", Role.BUSINESS_APPROVER), ("Cora", Role.COMPLIANCE)):
        browser = logged_in(name, role)
        asked = text(browser.post(press(version, "approve")))
        assert f"You sign: 0 clients on the data of {story.DAY}" in asked
        browser.post(press(version, "approve"), {"said": ""})
    # This strategy is of risk, so it may go live at once.
    logged_in("Ben", Role.BUSINESS_APPROVER).post(press(version, "launch"), {"said": "at once"})
    after = Strategy.objects.get(pk=strategy.pk)
    assert (after.live_version, after.status) == (version, "live")
    assert alice.post(press(version, "approve"), {"said": ""}).status_code == 404


def press(row: Any, verb: str) -> str:
    return f"/admin/strategies/{row._meta.model_name}/{row.pk}/press/{verb}/"


def test_what_is_typed_is_counted_before_it_is_saved(alice: Browser, strategy: Strategy) -> None:
    version = draft(alice, strategy)
    before = StrategyVersion.objects.filter(pk=version.pk).values().get()
    nobody = typed(version, condition="top1_position_ratio > 1", change_note="whom does it leave")

    shown = alice.post(address(version), {**nobody, "_preview": "1"})

    page = text(shown)
    assert shown.status_code == 200
    assert f"Not saved. {story.DAY}: matched 0, not matched" in page
    assert "top1_position_ratio > 1" in html.unescape(page)
    assert "whom does it leave" in page
    assert StrategyVersion.objects.filter(pk=version.pk).values().get() == before
    assert not VersionEvent.objects.filter(version=version, kind="edited").exists()


def test_a_count_of_what_cannot_be_read_says_so_at_its_field(alice: Browser, strategy: Strategy) -> None:
    version = draft(alice, strategy)

    shown = alice.post(address(version), {**typed(version, condition="top1_position_ratoi >= 0.7"), "_preview": "1"})

    assert "top1_position_ratio" in text(shown)
    assert "Not saved." not in text(shown)


def test_who_may_not_write_a_draft_may_not_count_one(alice: Browser, strategy: Strategy) -> None:
    version = draft(alice, strategy)

    refused = logged_in("Olga", Role.COMPLIANCE).post(address(version), {**typed(version), "_preview": "1"})

    assert refused.status_code == 403


def test_a_wrong_condition_is_refused_at_its_field(alice: Browser, strategy: Strategy) -> None:
    version = draft(alice, strategy)

    answer = alice.post(address(version), typed(version, condition="top1_position_ratoi >= 0.7"))

    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == ["condition"]
    assert "Did you mean top1_position_ratio" in text(answer)
    assert StrategyVersion.objects.get(pk=version.pk).condition == strategy.live_version.condition


def test_a_draft_that_was_submitted_while_open_says_so(alice: Browser, strategy: Strategy, monkeypatch: Any) -> None:
    version = draft(alice, strategy)
    rights = "kpm.strategies.version_admin.StrategyVersionAdmin.has_change_permission"
    monkeypatch.setattr(rights, lambda *_args, **_named: True)
    services.submit_version(version=version, by=version.author, now=NOW)

    answer = alice.post(address(version), typed(version, priority=1), follow=True)

    assert "This version is submitted already" in text(answer)
    assert StrategyVersion.objects.get(pk=version.pk).priority == version.priority


def test_a_submitted_version_shows_and_takes_nothing(alice: Browser, strategy: Strategy) -> None:
    version = strategy.live_version
    before = StrategyVersion.objects.filter(pk=version.pk).values().get()

    page = text(alice.get(address(version)))
    answer = alice.post(address(version), typed(version, condition="TRUE"))

    assert answer.status_code == 403
    assert "<textarea" not in page
    assert StrategyVersion.objects.filter(pk=version.pk).values().get() == before


def test_the_buttons_are_those_that_make_sense(alice: Browser, strategy: Strategy) -> None:
    page = f"/admin/strategies/strategy/{strategy.pk}/change/"
    live = text(alice.get(page))
    alice.post(f"/admin/strategies/strategy/{strategy.pk}/press/pause/", {"said": ""})
    paused = text(alice.get(page))

    assert ("/press/pause/" in live, "/press/resume/" in live) == (True, False)
    assert ("/press/pause/" in paused, "/press/resume/" in paused) == (False, True)
    assert Strategy.objects.get(pk=strategy.pk).status == "paused"


def test_compliance_writes_nothing_and_may_stop(strategy: Strategy) -> None:
    carol = logged_in("Carol", Role.COMPLIANCE)

    page = text(carol.get(f"/admin/strategies/strategy/{strategy.pk}/change/"))
    answer = carol.post(press(strategy, "write_draft"))
    carol.post(press(strategy, "pause"), {"said": "a complaint"})

    assert re.findall(r"/press/(\w+)/", page) == ["pause", "retire"]
    assert answer.status_code == 404
    assert StrategyVersion.objects.filter(strategy=strategy).count() == 1
    assert Strategy.objects.get(pk=strategy.pk).status == "paused"


def test_without_features_the_page_says_what_to_do(alice: Browser, settings: Any, tmp_path: Path) -> None:
    settings.LAKE_DIR = tmp_path
    story.build()
    version = StrategyVersion.objects.filter(strategy__code=TASK).get()

    assert "There are no features yet" in text(alice.get(address(version)))


def test_a_run_shows_its_funnel_over_all_branches(alice: Browser, strategy: Strategy) -> None:
    page = text(alice.get(f"/admin/strategies/run/{Run.objects.get().pk}/change/"))

    whole, *each, branch = [_rows(table) for table in page.split('<table class="wt-funnel">')[1:]]
    assert [step for step, _n, _stopped in whole] == [str(stage.label) for stage in Stage]
    assert whole[0] == ("matched", "4", "")
    assert sorted(table[0][1] for table in each) == ["1", "1", "2"]
    assert branch[0] == ("matched", "4", "")
    assert page.split("<main")[1].count('width="') >= len(Stage)
    assert "matched 2, delivered 0" in page
    assert "after settlement #1" in page
    assert "after_settlement" not in page


def _rows(table: str) -> list[tuple[str, ...]]:
    """The steps of a funnel as its table shows them: step, number, who stopped."""
    return re.findall(
        r'<th scope="row">(.*?)</th><td class="wt-num">(.*?)</td><td>(.*?)</td>', table.split("</table>")[0]
    )


def test_a_version_that_is_looked_at_says_its_codes_in_words(alice: Browser, strategy: Strategy) -> None:
    page = text(alice.get(address(strategy.live_version)))

    assert "[&quot;" not in page
    assert '["' not in page.split("<main")[1]
    assert "Phone" in page
    assert "everybody" in page


def test_a_fault_of_a_run_names_the_feature_and_what_it_waits_for(strategy: Strategy) -> None:
    run = Run.objects.get()
    line = "ACQ-CMP-001 v1: opening_revisit_done: waits for revisits (no source)"
    run.steps.filter(step="match").update(error=f"{line}\nX-1 v2: not written by a run")

    page = text(logged_in("Bella").get(f"/admin/strategies/run/{run.pk}/change/"))

    assert "ACQ-CMP-001 v1: Opening revisit done waits for revisits (no source)" in page
    assert "X-1 v2: not written by a run" in page


def test_a_contact_rule_is_proposed_by_one_and_confirmed_by_compliance(alice: Browser, time_machine: Any) -> None:
    time_machine.move_to(NOW)
    rule = ContactRule.objects.filter(purpose="service", kind="push").get()
    changed = {"purpose": "service", "kind": "push", "most": 3, "window": 1, "unit": "day"}

    edited = alice.post(f"/admin/strategies/contactrule/{rule.pk}/change/", {**changed, "effective_from": "2020-01-01"})
    alice.post("/admin/strategies/contactrule/add/", {**changed, "effective_from": "2026-12-01"})
    proposal = ContactRule.objects.get(proposed_by__isnull=False)
    logged_in("Carol", Role.COMPLIANCE).post(f"/admin/strategies/contactrule/{proposal.pk}/press/confirm/")

    proposal.refresh_from_db()
    assert edited.status_code == 403
    assert ContactRule.objects.get(pk=rule.pk).most == 2
    assert (proposal.most, proposal.confirmed_by.staff.name) == (3, "Carol")
