"""The texts of the strategy library become templates and playbooks."""

import pytest

from advisory.dispatch.library import publish_texts
from advisory.inbox.models import MessageTemplate
from advisory.taskqueue.models import PlaybookEvent, PlaybookStep, PlaybookVersion
from kpm.strategies.services.library import read_library
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_every_entry_gets_the_texts_it_has_and_a_second_time_changes_nothing() -> None:
    entries = read_library()

    numbers = publish_texts(entries=entries, now=NOW)
    again = publish_texts(entries=entries, now=NOW)

    with_message = {entry["code"] for entry in entries if entry.get("message")}
    with_steps = {entry["code"]: entry["steps"] for entry in entries if entry.get("steps")}
    assert numbers == again == (len(with_message), len(with_steps))
    assert set(MessageTemplate.objects.values_list("code", "version", "active")) == {
        (code, 1, True) for code in with_message
    }
    published = {
        version.playbook.code: [step.text for step in version.steps.all()] for version in PlaybookVersion.objects.all()
    }
    assert published == with_steps


def test_the_first_step_has_to_be_answered() -> None:
    publish_texts(entries=read_library(), now=NOW)

    assert set(PlaybookStep.objects.values_list("order", "required").filter(required=True)) == {(1, True)}


def test_the_texts_of_the_library_bear_nobodys_name() -> None:
    publish_texts(entries=read_library(), now=NOW)

    templates = set(MessageTemplate.objects.values_list("author", "published_by", "published_at"))
    events = set(PlaybookEvent.objects.values_list("kind", "by", "at"))
    assert templates == {(None, None, NOW)}
    assert events == {("published", None, NOW)}
