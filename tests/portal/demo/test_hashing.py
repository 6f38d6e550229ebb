"""Passwords of demo logins: quick to make, and good everywhere."""

import argon2
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher

from portal.demo.hashing import QuickArgon2


def test_a_quick_hash_is_verified_by_the_stock_hasher() -> None:
    encoded = QuickArgon2().encode("a password", "salt-of-16-bytes")

    stock = Argon2PasswordHasher()

    assert stock.verify("a password", encoded)
    assert not stock.verify("another", encoded)
    assert stock.must_update(encoded)
    assert argon2.extract_parameters("$" + encoded.split("$", 1)[1]).memory_cost == 1024


def test_outside_the_demo_passwords_are_kept_the_stock_way() -> None:
    assert settings.DEMO is False
    assert not any("demo" in name for name in settings.PASSWORD_HASHERS)
