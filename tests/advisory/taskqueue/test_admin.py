"""Playbooks in the admin: a draft is written, published, and then stays."""

from typing import Any

import pytest
from django.test import Client as Browser

from advisory.taskqueue import services as taskqueue
from advisory.taskqueue.models import Playbook, PlaybookVersion
from clients.org.models import Role, User
from tests import factories
from tests.clients.shared.test_admin import browser, text
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return factories.staff("Alice", roles=(Role.SERVICE_OPS,)).user


@pytest.fixture
def dora() -> User:
    return factories.staff("Dora", roles=(Role.SERVICE_OPS,)).user


@pytest.fixture
def ops() -> Browser:
    """Somebody of HQ service operations."""
    return browser(Role.SERVICE_OPS)


def steps(version: PlaybookVersion, *texts: str) -> dict[str, Any]:
    """The page of a draft, sent with these steps in place of its own."""
    rows = list(version.steps.all())
    sent: dict[str, Any] = {"steps-TOTAL_FORMS": len(texts), "steps-INITIAL_FORMS": len(rows)}
    sent |= {"events-TOTAL_FORMS": 0, "events-INITIAL_FORMS": 0}
    for n, said in enumerate(texts):
        step = {"version": version.pk, "order": n + 1, "kind": "script", "text": said, "answer_type": "none"}
        step |= {"choices": "[]", "id": rows[n].pk if n < len(rows) else ""}
        sent |= {f"steps-{n}-{name}": value for name, value in step.items()}
    return sent


def test_a_new_text_goes_from_draft_to_published(ops: Browser) -> None:
    first = factories.playbook("PB-1", steps=("问候", "说明"))
    page = f"/admin/taskqueue/playbook/{first.playbook_id}"

    ops.post(f"{page}/press/write_draft/")
    draft = PlaybookVersion.objects.get(state="draft")
    copied = list(draft.steps.values_list("text", flat=True))
    saved = ops.post(f"/admin/taskqueue/playbookversion/{draft.pk}/change/", steps(draft, "问候", "说明数字", "道谢"))
    own = ops.post(f"/admin/taskqueue/playbookversion/{draft.pk}/press/publish/", follow=True)
    before = PlaybookVersion.objects.get(pk=draft.pk).state
    browser(Role.ADMINISTRATOR, name="Dora").post(f"/admin/taskqueue/playbookversion/{draft.pk}/press/publish/")

    draft.refresh_from_db()
    first.refresh_from_db()
    assert copied == ["问候", "说明"]
    assert saved.status_code == 302
    assert before == "draft"
    assert "已发布" not in text(own)
    assert list(draft.events.order_by("pk").values_list("kind", "by__staff__name")) == [
        ("drafted", "Alice"), ("edited", "Alice"), ("published", "Dora"),
    ]  # fmt: skip
    assert (draft.state, draft.number, first.state) == ("published", 2, "obsolete")
    assert list(draft.steps.values_list("text", flat=True)) == ["问候", "说明数字", "道谢"]


def test_a_published_text_shows_and_takes_nothing(ops: Browser) -> None:
    version = factories.playbook(steps=("问候", "说明"))
    address = f"/admin/taskqueue/playbookversion/{version.pk}"

    page = text(ops.get(f"{address}/change/"))
    ops.post(f"{address}/change/", steps(version, "别的", "话"))
    answer = ops.post(f"{address}/press/publish/")

    assert "<textarea" not in page
    assert answer.status_code == 404
    assert list(version.steps.values_list("text", flat=True)) == ["问候", "说明"]


def test_one_draft_at_a_time_and_only_a_draft_is_published(alice: User, dora: User) -> None:
    version = factories.playbook()

    draft = taskqueue.draft_playbook(playbook=version.playbook, by=alice, now=NOW)
    again = taskqueue.draft_playbook(playbook=version.playbook, by=dora, now=NOW)
    with pytest.raises(taskqueue.CannotPublish):
        taskqueue.publish_draft(version=version, by=dora, now=NOW)
    with pytest.raises(taskqueue.CannotPublish):
        taskqueue.edit_draft(version=version, by=dora, now=NOW)

    assert again == draft
    assert list(draft.events.values_list("kind", "by", "at")) == [("drafted", alice.pk, NOW)]
    assert PlaybookVersion.objects.get(pk=version.pk).state == "published"
    assert not version.events.exists()


def test_whoever_wrote_a_part_of_a_text_does_not_publish_it(alice: User, dora: User) -> None:
    draft = taskqueue.draft_playbook(playbook=factories.playbook().playbook, by=alice, now=NOW)
    taskqueue.edit_draft(version=draft, by=dora, now=NOW)

    for writer in (alice, dora):
        with pytest.raises(taskqueue.CannotPublish):
            taskqueue.publish_draft(version=draft, by=writer, now=NOW)
    before = PlaybookVersion.objects.get(pk=draft.pk).state
    taskqueue.publish_draft(version=draft, by=factories.staff("Erin").user, now=NOW)

    assert before == "draft"
    assert PlaybookVersion.objects.get(pk=draft.pk).state == "published"


def test_a_draft_without_a_step_is_not_published(alice: User, dora: User) -> None:
    draft = taskqueue.draft_playbook(
        playbook=Playbook.objects.create(code="P", name_zh="一", name_en="One"), by=alice, now=NOW
    )

    with pytest.raises(taskqueue.CannotPublish):
        taskqueue.publish_draft(version=draft, by=dora, now=NOW)

    assert PlaybookVersion.objects.get(pk=draft.pk).state == "draft"


def test_a_draft_that_was_published_while_open_says_so(ops: Browser, monkeypatch: Any) -> None:
    version = factories.playbook(steps=("问候", "说明"))
    monkeypatch.setattr("advisory.taskqueue.admin._is_draft", lambda *_args: True)

    answer = ops.post(
        f"/admin/taskqueue/playbookversion/{version.pk}/change/", steps(version, "别的", "话"), follow=True
    )

    assert "该内容已发布" in text(answer)
    assert list(version.steps.values_list("text", flat=True)) == ["问候", "说明"]


def test_the_library_does_not_bring_back_a_text_that_was_replaced(alice: User, dora: User) -> None:
    given = {"code": "T", "name_zh": "一", "name_en": "One", "steps": [{"kind": "script", "text": "问候"}], "now": NOW}
    taskqueue.load_playbook(**given)
    draft = taskqueue.draft_playbook(playbook=PlaybookVersion.objects.get().playbook, by=alice, now=NOW)
    draft.steps.create(order=2, kind="script", text="道谢")
    taskqueue.publish_draft(version=draft, by=dora, now=NOW)

    kept = taskqueue.load_playbook(**given, again=False)
    back = taskqueue.load_playbook(**given)

    assert kept == draft
    assert (back.number, back.state) == (3, "published")


def test_every_name_of_a_playbook_is_kept(alice: User) -> None:
    book = factories.playbook().playbook

    Playbook.objects.filter(pk=book.pk).update(name_zh="新的名称")

    kept = Playbook.pgh_event_model.objects.filter(pgh_obj=book).order_by("pgh_id")
    assert list(kept.values_list("pgh_label", "name_zh")) == [("insert", "标准流程"), ("update", "新的名称")]
