"""Write keys: made once, shown once, revoked once; and how the collector knows them."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import DatabaseError, InternalError, OperationalError, transaction
from django.test import Client as Browser

from clients.org.models import Role, User
from portal.collect import selectors, services
from portal.collect.keys import Key, KnownKeys
from portal.collect.models import WriteKey, WriteKeyHistory
from tests import factories
from tests.factories import NOW
from tests.portal.collect.asking import KEYS, PUBLIC, Door, event, lines_of

ADD = "/admin/collect/writekey/add/"
BACKEND = "clients.org.backends.StaffBackend"
SERVER_KEY = {"name": "core", "platform": "counter", "kind": "server"}


@pytest.fixture
def alice() -> User:
    return factories.staff("Alice", roles=(Role.ADMINISTRATOR,)).user


def make(by: User | None = None, **changes: str) -> tuple[WriteKey, str]:
    return services.make_key(**{**SERVER_KEY, **changes}, by=by, now=NOW)


@pytest.mark.django_db
def test_a_server_key_is_kept_as_its_digest_only(alice: User) -> None:
    row, text = make(alice)

    row.refresh_from_db()
    assert (row.value, row.digest, row.created_by, row.created_at) == ("", services.digest_of(text), alice, NOW)
    assert len(text) == 43
    assert text not in str(list(WriteKeyHistory.objects.values()))


@pytest.mark.django_db
def test_a_public_key_is_kept_as_it_is_and_no_other_may_be() -> None:
    row, text = make(kind="public")

    row.refresh_from_db()
    assert row.value == text
    for wrong in ({"kind": "public", "value": ""}, {"kind": "server", "value": "x"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            WriteKey.objects.create(name="wrong", platform="web", digest=str(wrong), created_at=NOW, **wrong)
    assert WriteKey.objects.count() == 1


@pytest.mark.django_db
def test_a_name_is_taken_until_its_key_is_revoked(alice: User) -> None:
    row, _text = make()

    with pytest.raises(services.NameTaken, match="core"):
        make()
    services.revoke(key=row, by=alice, now=NOW)
    again, _text = make()

    assert [key.pk for key in selectors.keys_in_force()] == [again.pk]
    assert WriteKey.objects.count() == 2


@pytest.mark.django_db
def test_a_key_is_revoked_once_by_somebody_and_never_changed_or_deleted(alice: User) -> None:
    row, _text = make()

    services.revoke(key=row, by=alice, now=NOW)
    with pytest.raises(services.AlreadyRevoked):
        services.revoke(key=row, by=alice, now=NOW)
    for change in ({"name": "other"}, {"kind": "public", "value": "x"}, {"revoked_at": None, "revoked_by": None}):
        with pytest.raises(InternalError), transaction.atomic():
            WriteKey.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(InternalError), transaction.atomic():
        WriteKey.objects.filter(pk=row.pk).delete()

    row.refresh_from_db()
    assert (row.name, row.kind, row.revoked_at, row.revoked_by) == ("core", "server", NOW, alice)
    assert list(WriteKeyHistory.objects.values_list("pgh_label", flat=True)) == ["insert", "update"]


@pytest.mark.django_db
def test_the_key_of_our_own_pages_is_made_once_and_replaced_when_it_was_revoked(alice: User) -> None:
    first, second = services.own_web_key(), services.own_web_key()
    services.revoke(key=WriteKey.objects.get(), by=alice, now=NOW)
    third = services.own_web_key()

    assert first == second != third
    assert list(WriteKey.objects.order_by("pk").values_list("kind", "platform", "value")) == [
        ("public", "web", first),
        ("public", "web", third),
    ]


@pytest.mark.django_db
def test_all_keys_are_read_by_one_question_and_a_revoked_one_is_unknown(
    alice: User, django_assert_num_queries: Any
) -> None:
    row, text = make()
    other, told = make(name="pages", kind="public", platform="web")
    services.revoke(key=other, by=alice, now=NOW)
    known = KnownKeys(selectors.keys_in_force)

    with django_assert_num_queries(1):
        known.refresh()

    assert known.find(text) == Key(row.pk, "counter", names_clients=True)
    assert known.find(told) is None


def test_while_the_database_is_away_the_last_known_keys_stay(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> list[WriteKey]:
        raise OperationalError("the server closed the connection")

    before = door.send("/v1/track", event(messageId="before"))
    monkeypatch.setattr(door.known, "_load", away)
    door.known.refresh()
    during = door.send("/v1/track", event(messageId="during"))

    assert (before.status, during.status) == (200, 200)
    assert [line["e"]["messageId"] for line in door.kept()] == ["before", "during"]


def test_before_the_keys_were_ever_read_nobody_is_told_that_his_is_wrong(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> list[WriteKey]:
        raise OperationalError("no server")

    monkeypatch.setattr(door.known, "_load", away)
    early = door.send("/v1/track", event())
    monkeypatch.setattr(door.known, "_load", lambda: KEYS)
    later = door.send("/v1/track", event())

    assert (early.status, early.headers["Retry-After"], later.status) == (503, "5", 200)
    assert len(door.kept()) == 1


def test_a_revoked_key_is_refused_as_soon_as_the_keys_are_read_again(door: Door) -> None:
    door.send("/v1/track", event())
    door.known._load = list
    door.known.refresh()

    refused = door.send("/v1/track", event())

    assert refused.status == 401
    assert len(door.kept()) == 1


def test_refusals_are_counted_by_key_and_reason_and_written_as_lines(door: Door) -> None:
    for _ in range(2):
        door.send("/v1/track", event(), key="wrong")
    door.send("/v1/track", event(messageId=5))
    door.ask("/v1/track", method="GET")

    door.collector.tally.write(door.segments.append, received=17)
    door.collector.tally.write(door.segments.append, received=18)

    assert door.kept() == [
        {"r": 17, "k": None, "p": "", "x": "tally", "e": '{"unknown_key":2,"method":1}'},
        {"r": 17, "k": 7, "p": "web", "x": "tally", "e": '{"malformed":1}'},
    ]


def test_counts_that_cannot_be_written_are_not_forgotten(door: Door) -> None:
    def full(lines: bytes) -> None:
        raise OSError("No space left on device")

    door.send("/v1/track", event(), key="wrong")
    with pytest.raises(OSError, match="No space"):
        door.collector.tally.write(full, received=16)
    door.send("/v1/track", event(), key="wrong")
    door.collector.tally.write(door.segments.append, received=17)

    assert [line["e"] for line in lines_of_door(door)] == ['{"unknown_key":2}']


def lines_of_door(door: Door) -> list[dict[str, Any]]:
    door.segments.close()
    return lines_of(door.folder)


def browser(user: User) -> Browser:
    found = Browser(HTTP_ACCEPT_LANGUAGE="en")
    found.force_login(user, backend=BACKEND)
    return found


@pytest.mark.django_db
def test_an_administrator_makes_a_server_key_and_reads_it_this_once(alice: User) -> None:
    made = browser(alice).post(ADD, SERVER_KEY, follow=True).content.decode()

    row = WriteKey.objects.get()
    shown = [word for word in made.replace("<", " ").split() if services.digest_of(word) == row.digest]
    page = browser(alice).get(f"/admin/collect/writekey/{row.pk}/change/").content.decode()
    assert (row.name, row.created_by) == ("core", alice)
    assert len(shown) == 1
    assert shown[0] not in page
    assert LogEntry.objects.filter(user=alice, object_id=str(row.pk)).count() == 1


@pytest.mark.django_db
def test_a_name_in_force_is_refused_on_the_page(alice: User) -> None:
    make()

    answer = browser(alice).post(ADD, SERVER_KEY)

    assert "A key named core is in force already." in answer.content.decode()
    assert WriteKey.objects.count() == 1


@pytest.mark.django_db
def test_an_administrator_revokes_a_key_and_compliance_does_not(alice: User) -> None:
    row, _text = make()
    press = f"/admin/collect/writekey/{row.pk}/press/revoke/"
    reader = factories.staff("Carol", roles=(Role.COMPLIANCE,)).user

    refused = browser(reader).post(press)
    pressed = browser(alice).post(press)
    again = browser(alice).post(press)

    row.refresh_from_db()
    assert (refused.status_code, pressed.status_code, again.status_code) == (403, 302, 404)
    assert row.revoked_by == alice


def test_the_public_key_of_the_tests_is_known() -> None:
    known = KnownKeys(lambda: KEYS)
    known.refresh()

    assert known.find(PUBLIC) == Key(7, "web", names_clients=False)
