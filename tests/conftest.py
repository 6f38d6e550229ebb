"""What all tests share: seeds that survive tests which commit, draws that hold out nobody by chance."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import TransactionTestCase, override_settings
from django.utils import translation
from hypothesis import settings as hypothesis_settings
from model_bakery import baker

from kpm.strategies.services import holding
from portal.collect import tracking
from tests.plugins import seeds

# Every run asks the same examples, so that one commit has one answer; `--hypothesis-profile=wide` looks for new ones.
hypothesis_settings.register_profile("same", derandomize=True, deadline=None)
hypothesis_settings.register_profile("wide", derandomize=False, deadline=None, max_examples=500)
hypothesis_settings.load_profile("same")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The test database, with its seeds remembered."""
    with django_db_blocker.unblock():
        seeds.remember()


@pytest.fixture(scope="session", autouse=True)
def _seeds_survive() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", seeds.put_back)
        yield


@pytest.fixture(autouse=True)
def _the_house_s_own_language() -> None:
    """A page that was asked for in English leaves its language behind in the thread; no test begins with it."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def _the_same_random_rows_each_time() -> None:
    """One draw in some thousands breaks a rule of the database; a fault of a row shows always or never."""
    baker.seed(1)


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    """Argon2 takes a tenth of a second a login on purpose; tests make many logins."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _nobody_is_held_out_by_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Salts are random and ids differ between runs; whoever wants somebody held out settles it beforehand."""
    monkeypatch.setattr(holding, "bucket_of", lambda salt, client_id: holding.BUCKETS - 1)


@pytest.fixture(autouse=True)
def _pages_carry_a_known_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key of our own pages is kept in the cache: without this the first page of a run asks one query more."""
    monkeypatch.setattr(tracking, "web_key", lambda: "the-key-of-our-pages")


@pytest.fixture(scope="session", autouse=True)
def _static_files_by_their_own_name() -> Iterator[None]:
    """Pages name static files through a manifest that `collectstatic` writes; tests do without one."""
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # whitenoise warns where it is missing
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**django_settings.STORAGES, "staticfiles": plain}):
        yield
