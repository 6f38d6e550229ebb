"""Texts of messages in the admin: never changed, followed by a next version, which compliance publishes."""

import pytest

from advisory.inbox import texts as inbox
from advisory.inbox.models import MessageTemplate
from clients.org.models import Role
from tests.clients.shared.test_admin import browser, text
from tests.factories import NOW

pytestmark = pytest.mark.django_db
TEXTS = "/admin/inbox/messagetemplate/"


def test_a_new_text_is_written_from_the_one_before_and_published_by_compliance() -> None:
    first = inbox.load_template(code="T", title="标题", body="正文", now=NOW)
    ops, carol = browser(Role.SERVICE_OPS), browser(Role.COMPLIANCE, name="Carol")

    answer = ops.post(f"{TEXTS}{first.pk}/press/next_version/")
    form = text(ops.get(answer["Location"]))
    ops.post(answer["Location"], {"code": "T", "title": "标题", "body": "另一正文", "body_en": "Another text"})
    second = MessageTemplate.objects.get(version=2)
    waiting = second.active, MessageTemplate.objects.get(version=1).active
    own = ops.post(f"{TEXTS}{second.pk}/press/publish/")
    page = text(carol.get(f"{TEXTS}{second.pk}/change/"))
    carol.post(f"{TEXTS}{second.pk}/press/publish/")

    assert 'value="标题"' in form
    assert waiting == (False, True)
    assert own.status_code == 404
    assert ("/press/publish/" in page, "/press/next_version/" in page) == (True, False)
    assert list(MessageTemplate.objects.order_by("version").values_list("version", "body", "body_en", "active")) == [
        (1, "正文", "", False),
        (2, "另一正文", "Another text", True),
    ]
    assert MessageTemplate.objects.values_list("author__staff__name", "published_by__staff__name").get(version=2) == (
        "Alice",
        "Carol",
    )


def test_a_text_shows_and_takes_nothing() -> None:
    first = inbox.load_template(code="T", title="标题", body="正文", now=NOW)
    ops = browser(Role.SERVICE_OPS)

    page = text(ops.get(f"{TEXTS}{first.pk}/change/"))
    answer = ops.post(f"{TEXTS}{first.pk}/change/", {"code": "T", "title": "x", "body": "y"})

    assert "正文" in page
    assert answer.status_code == 403
    assert MessageTemplate.objects.get().body == "正文"
