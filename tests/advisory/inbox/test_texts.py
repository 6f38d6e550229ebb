"""Texts that clients read: written by one, published by compliance; those of the library come published."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction

from advisory.inbox import texts as inbox
from advisory.inbox.models import MessageTemplate
from clients.org.models import Role, User
from kpm.strategies.models import DeliveryOption
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def person(name: str, *roles: str) -> User:
    return factories.staff(name, roles=roles or (Role.COMPLIANCE,)).user


def loaded(body: str = "正文", code: str = "T", again: bool = True) -> MessageTemplate:
    return inbox.load_template(code=code, title="标题", body=body, now=NOW, again=again)


def written(by: User, body: str = "另一正文") -> MessageTemplate:
    return inbox.write_template(code="T", title="标题", body=body, by=by, now=NOW)


def active() -> list[tuple[int, str]]:
    return list(MessageTemplate.objects.filter(active=True).values_list("version", "body"))


def test_a_written_text_is_read_by_nobody_until_compliance_publishes_it() -> None:
    loaded()
    text = written(person("Alice", Role.SERVICE_OPS))
    before, offered = active(), DeliveryOption.objects.get().version

    row = inbox.publish_template(template=text, by=person("Carol"), now=LATER)

    assert (before, offered) == ([(1, "正文")], 1)
    assert active() == [(2, "另一正文")]
    assert DeliveryOption.objects.get().version == 2
    assert (row.author.staff.name, row.written_at) == ("Alice", NOW)
    assert (row.published_by.staff.name, row.published_at) == ("Carol", LATER)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SERVICE_OPS, Role.SUPERVISOR, Role.ADVISER])
def test_nobody_but_compliance_publishes(role: str) -> None:
    text = written(person("Alice", Role.SERVICE_OPS))

    with pytest.raises(inbox.CannotPublish):
        inbox.publish_template(template=text, by=person("Dora", role), now=LATER)

    assert active() == []
    assert not DeliveryOption.objects.exists()


def test_nobody_publishes_his_own_text() -> None:
    both = person("Carol", Role.COMPLIANCE, Role.ADMINISTRATOR)
    text = written(both)

    with pytest.raises(inbox.CannotPublish):
        inbox.publish_template(template=text, by=both, now=LATER)

    assert active() == []


def test_a_text_is_published_once_and_not_over_a_later_one() -> None:
    alice, carol = person("Alice", Role.SERVICE_OPS), person("Carol")
    early, late = written(alice, "早"), written(alice, "晚")
    inbox.publish_template(template=late, by=carol, now=LATER)

    for text in (early, late):
        with pytest.raises(inbox.CannotPublish):
            inbox.publish_template(template=text, by=carol, now=LATER)

    assert active() == [(2, "晚")]


def test_a_published_text_never_changes_not_even_by_sql() -> None:
    loaded()
    row = MessageTemplate.objects.all()

    with pytest.raises(InternalError), transaction.atomic():
        row.update(body="别的")
    with pytest.raises(InternalError), transaction.atomic():
        row.delete()
    row.update(active=False)

    assert list(row.values_list("body", "active")) == [("正文", False)]


def test_the_database_asks_for_two_names_and_for_a_publication() -> None:
    alice = person("Alice", Role.SERVICE_OPS)
    row = MessageTemplate.objects.filter(pk=written(alice).pk)

    for change in ({"active": True}, {"published_by": alice, "published_at": NOW}, {"published_at": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(**change)

    assert row.filter(active=False, published_at__isnull=True).exists()


def test_a_new_text_of_the_library_is_the_next_version_and_the_same_one_is_none() -> None:
    first = loaded()
    same = loaded()
    second = loaded("另一正文")
    loaded(code="U")

    assert same == first
    assert list(MessageTemplate.objects.filter(code="T").order_by("version").values_list("version", "active")) == [
        (1, False), (2, True),
    ]  # fmt: skip
    assert second.body == "另一正文"
    assert dict(DeliveryOption.objects.filter(kind="template").values_list("code", "version")) == {"T": 2, "U": 1}


def test_a_text_that_comes_back_is_a_new_version_again() -> None:
    for body in ("一", "二", "一"):
        loaded(body)

    assert active() == [(3, "一")]


def test_the_library_does_not_bring_back_a_text_that_was_replaced() -> None:
    loaded("一")
    own = written(person("Alice", Role.SERVICE_OPS), "二")
    inbox.publish_template(template=own, by=person("Carol"), now=LATER)

    kept = loaded("一", again=False)

    assert kept == own
    assert active() == [(2, "二")]
    assert MessageTemplate.objects.count() == 2


def test_every_state_of_a_text_is_kept() -> None:
    loaded("一")
    loaded("二")

    kept = MessageTemplate.pgh_event_model.objects.order_by("pgh_id")

    assert list(kept.values_list("pgh_label", "version", "active")) == [
        ("insert", 1, True), ("update", 1, False), ("insert", 2, True),
    ]  # fmt: skip
