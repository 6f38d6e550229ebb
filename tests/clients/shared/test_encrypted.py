"""Encrypted personal fields, their keys and their blind index."""

from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from clients.register.models import Client
from clients.shared import encrypted
from tests import factories

MOBILE = "13800001234"


def stored(of: Client, column: str) -> str:
    """What the table itself holds."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM register_client WHERE id = %s", [of.pk])
        return str(cursor.fetchone()[0])


@given(st.text(min_size=1, max_size=100).filter(lambda text: "\x00" not in text))
def test_what_is_encrypted_reads_back_and_never_looks_the_same_twice(text: str) -> None:
    one, other = encrypted.encrypt(text), encrypted.encrypt(text)

    assert encrypted.decrypt(one) == encrypted.decrypt(other) == text
    assert one != other
    assert one.startswith(encrypted.PREFIX)


def test_empty_stays_empty() -> None:
    assert (encrypted.encrypt(""), encrypted.decrypt(""), encrypted.blind_index(" ")) == ("", "", "")


def test_a_new_key_in_front_still_reads_what_the_old_one_wrote(settings: Any) -> None:
    settings.FIELD_KEYS = ["old"]
    before = encrypted.encrypt("340104199003071234")

    settings.FIELD_KEYS = ["new", "old"]
    after = encrypted.encrypt("340104199003071234")

    assert encrypted.decrypt(before) == encrypted.decrypt(after) == "340104199003071234"
    settings.FIELD_KEYS = ["new"]
    assert encrypted.decrypt(after) == "340104199003071234"
    with pytest.raises(encrypted.CannotDecrypt, match="FIELD_KEYS"):
        encrypted.decrypt(before)


@pytest.mark.parametrize("changed", ["plain text", "f1:", "f1:gAAAAA"])
def test_what_no_key_has_written_is_refused(changed: str) -> None:
    with pytest.raises(encrypted.CannotDecrypt):
        encrypted.decrypt(changed)


def test_a_changed_ciphertext_is_refused() -> None:
    good = encrypted.encrypt("13800001234")
    middle = len(good) // 2
    changed = good[:middle] + ("A" if good[middle] != "A" else "B") + good[middle + 1 :]

    with pytest.raises(encrypted.CannotDecrypt):
        encrypted.decrypt(changed)


def test_the_blind_index_overlooks_blanks_and_case_and_depends_on_its_key(settings: Any) -> None:
    index = encrypted.blind_index("34010419900307123x")

    assert len(index) == 64
    assert encrypted.blind_index(" 340104 1990 0307 123X\n") == index
    assert encrypted.blind_index("340104199003071231") != index
    settings.BLIND_INDEX_KEY = "another"
    assert encrypted.blind_index("34010419900307123x") != index


@pytest.mark.django_db
def test_the_table_holds_ciphertext_and_the_index_finds_the_row() -> None:
    alice = factories.client("Alice", mobile=MOBILE, id_no="340104199003071234")
    factories.client("Bob", mobile="13900005678")

    found = Client.objects.get(mobile_index=encrypted.blind_index(" 138 0000 1234"))

    assert found == alice
    assert (found.mobile, found.id_no, found.email) == (MOBILE, "340104199003071234", "")
    assert MOBILE not in stored(alice, "mobile")
    assert stored(alice, "mobile").startswith(encrypted.PREFIX)
    assert stored(alice, "email") == ""


@pytest.mark.django_db
@pytest.mark.parametrize("lookup", ["mobile", "mobile__contains", "mobile__in"])
def test_the_ciphertext_cannot_be_searched(lookup: str) -> None:
    with pytest.raises(FieldError, match="Unsupported lookup"):
        Client.objects.filter(**{lookup: MOBILE}).exists()


@pytest.mark.django_db
def test_saving_the_field_alone_saves_its_index_too() -> None:
    alice = factories.client("Alice", mobile=MOBILE)

    alice.mobile = "13900005678"
    alice.save(update_fields=["mobile"])

    assert not Client.objects.filter(mobile_index=encrypted.blind_index(MOBILE)).exists()
    assert Client.objects.get(mobile_index=encrypted.blind_index("13900005678")).mobile == "13900005678"


@pytest.mark.django_db
def test_the_history_keeps_ciphertext() -> None:
    alice = factories.client("Alice", mobile=MOBILE)

    alice.mobile = "13900005678"
    alice.save()

    with connection.cursor() as cursor:
        cursor.execute("SELECT mobile FROM register_clienthistory WHERE pgh_obj_id = %s ORDER BY pgh_id", [alice.pk])
        kept = [row[0] for row in cursor.fetchall()]
    assert [encrypted.decrypt(text) for text in kept] == [MOBILE, "13900005678"]
    assert all(text.startswith(encrypted.PREFIX) for text in kept)
