"""Texts of messages in the admin: never changed, followed by a next version."""

import pytest

from advisory.inbox import services as inbox
from advisory.inbox.models import MessageTemplate
from clients.org.models import Role
from tests.clients.shared.test_admin import browser, text

pytestmark = pytest.mark.django_db


def test_a_new_text_is_written_from_the_one_before_and_becomes_the_active_one() -> None:
    first = inbox.publish_template(code="T", title="标题", body="正文")
    ops = browser(Role.SERVICE_OPS)

    answer = ops.post(f"/admin/inbox/messagetemplate/{first.pk}/press/next_version/")
    form = text(ops.get(answer["Location"]))
    ops.post(answer["Location"], {"code": "T", "title": "标题", "body": "另一正文", "body_en": "Another text"})

    assert 'value="标题"' in form
    assert list(MessageTemplate.objects.order_by("version").values_list("version", "body", "body_en", "active")) == [
        (1, "正文", "", False),
        (2, "另一正文", "Another text", True),
    ]


def test_a_text_shows_and_takes_nothing() -> None:
    first = inbox.publish_template(code="T", title="标题", body="正文")
    ops = browser(Role.SERVICE_OPS)

    page = text(ops.get(f"/admin/inbox/messagetemplate/{first.pk}/change/"))
    answer = ops.post(f"/admin/inbox/messagetemplate/{first.pk}/change/", {"code": "T", "title": "x", "body": "y"})

    assert "正文" in page
    assert answer.status_code == 403
    assert MessageTemplate.objects.get().body == "正文"


def test_the_library_does_not_bring_back_a_text_that_was_replaced() -> None:
    inbox.publish_template(code="T", title="标题", body="一")
    second = inbox.publish_template(code="T", title="标题", body="二")

    kept = inbox.publish_template(code="T", title="标题", body="一", again=False)

    assert kept == second
    assert MessageTemplate.objects.count() == 2
