"""Playbooks in the admin: a draft is written, published, and then stays."""

from typing import Any

import pytest
from django.test import Client as Browser

from advisory.taskqueue import services as taskqueue
from advisory.taskqueue.models import PlaybookVersion
from clients.org.models import Role
from tests import factories
from tests.clients.shared.test_admin import browser, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def ops() -> Browser:
    """Somebody of HQ service operations."""
    return browser(Role.SERVICE_OPS)


def steps(version: PlaybookVersion, *texts: str) -> dict[str, Any]:
    """The page of a draft, sent with these steps in place of its own."""
    rows = list(version.steps.all())
    sent: dict[str, Any] = {"steps-TOTAL_FORMS": len(texts), "steps-INITIAL_FORMS": len(rows)}
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
    ops.post(f"/admin/taskqueue/playbookversion/{draft.pk}/press/publish/")

    draft.refresh_from_db()
    first.refresh_from_db()
    assert copied == ["问候", "说明"]
    assert saved.status_code == 302
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


def test_one_draft_at_a_time_and_only_a_draft_is_published() -> None:
    version = factories.playbook()

    draft = taskqueue.draft_playbook(playbook=version.playbook)
    again = taskqueue.draft_playbook(playbook=version.playbook)
    with pytest.raises(taskqueue.NotADraft):
        taskqueue.publish_draft(version=version)

    assert again == draft
    assert PlaybookVersion.objects.get(pk=version.pk).state == "published"


def test_the_library_does_not_bring_back_a_text_that_was_replaced() -> None:
    given = {"code": "T", "name_zh": "一", "name_en": "One", "steps": [{"kind": "script", "text": "问候"}]}
    taskqueue.publish_playbook(**given)
    draft = taskqueue.draft_playbook(playbook=PlaybookVersion.objects.get().playbook)
    draft.steps.create(order=2, kind="script", text="道谢")
    taskqueue.publish_draft(version=draft)

    kept = taskqueue.publish_playbook(**given, again=False)
    back = taskqueue.publish_playbook(**given)

    assert kept == draft
    assert (back.number, back.state) == (3, "published")
