"""Encrypted personal fields and their blind index.

A value is stored as Fernet ciphertext (AES-128-CBC and HMAC-SHA256 of the `cryptography` package), so equal values
look different and cannot be searched. For look-up a second column holds the blind index: HMAC-SHA256 of the
normalised value under a key of its own, so that reading the table tells nothing and equal values can still be found.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

PREFIX = "f1:"


class CannotDecrypt(Exception):
    """A stored value was written with a key that FIELD_KEYS no longer holds."""


def encrypt(text: str) -> str:
    """Return the ciphertext of `text`; empty stays empty."""
    return PREFIX + _box(tuple(settings.FIELD_KEYS)).encrypt(text.encode()).decode() if text else ""


def decrypt(stored: str) -> str:
    """Return the text behind a stored ciphertext; raises CannotDecrypt when no key fits."""
    if not stored:
        return ""
    try:
        return _box(tuple(settings.FIELD_KEYS)).decrypt(stored.removeprefix(PREFIX).encode()).decode()
    except InvalidToken as error:
        raise CannotDecrypt("A personal field cannot be read: its key is missing from FIELD_KEYS.") from error


def blind_index(text: str) -> str:
    """Return the look-up key of a value (64 hex digits); upper case and blanks do not matter, empty stays empty."""
    plain = "".join(text.split()).upper()
    if not plain:
        return ""
    return hmac.new(settings.BLIND_INDEX_KEY.encode(), plain.encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=8)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())) for key in keys])


class EncryptedTextField(models.TextField):
    """A text column that holds ciphertext and reads as text. It cannot be filtered: use the blind index."""

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(value) if value else ""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str:
        return decrypt(value or "")

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name in ("isnull",) else None


class BlindIndexField(models.CharField):
    """The look-up column of an encrypted field: filled from it at every save, searched with `blind_index(text)`."""

    def __init__(self, source: str = "", **kwargs: Any) -> None:
        self.source = source
        kwargs.setdefault("max_length", 64)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        kwargs.setdefault("editable", False)
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "source": self.source}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = blind_index(getattr(model_instance, self.source))
        setattr(model_instance, self.attname, value)
        return value


class BlindIndexed(models.Model):
    """A model with blind indexes: saving an encrypted field alone saves its index with it."""

    class Meta:
        abstract = True

    def save(self, *, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Add the indexes of the fields that are saved: a stale index would still find (and log in) the old value."""
        if update_fields is not None:
            known = {field.source: field.name for field in self._meta.fields if isinstance(field, BlindIndexField)}
            update_fields = {*update_fields, *(known[name] for name in update_fields if name in known)}
        super().save(update_fields=update_fields, **kwargs)
