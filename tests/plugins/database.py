"""A database and a broker for the tests, thrown away afterwards.

Loaded by `-p tests.plugins.database` in the pytest options: a conftest.py would come too late, since pytest-django
has read the settings by then. Where DATABASE_URL or REDIS_URL is set, the server it names is used. The workers of
pytest-xdist inherit the variables of their controller, so only the controller starts servers. A killed pytest
leaves none behind: their keepers see that it is gone and remove everything (portal/embedded/keeper.py).
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from portal.embedded import places, services
from tests.plugins import cluster


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Start before anything reads the settings; a wrapper runs before pytest-django's own `tryfirst` hook."""
    stack = ExitStack()
    early_config.add_cleanup(stack.close)
    options = early_config.known_args_namespace
    if services.needed(os.environ) and not (options.help or options.version):
        _start(stack)
    _own_broker(stack)
    return (yield)


def _own_broker(stack: ExitStack) -> None:
    """Workers of pytest-xdist share one Valkey: each gets a database of it, or one would eat the other's jobs."""
    number = "".join(filter(str.isdigit, os.environ.get("PYTEST_XDIST_WORKER", "")))
    patch = stack.enter_context(pytest.MonkeyPatch.context())
    for name, key in (("CELERY_BROKER_URL", "virtual_host="), ("REDIS_URL", "db=")):
        if number and os.environ.get(name, "").endswith(f"{key}0"):
            patch.setenv(name, os.environ[name][:-1] + str(int(number) % 15 + 1))


def _start(stack: ExitStack) -> None:
    patch = stack.enter_context(pytest.MonkeyPatch.context())
    found = []
    try:
        lent = stack.enter_context(services.thrown_away(lambda base: found.append(_seed(base))))
    except places.Unavailable as why:
        raise pytest.UsageError(str(why)) from why
    patch.setenv("WANGTING_VAR", str(lent.places.base))  # files, too, stay out of the developer's own folder
    patch.setenv("TEST_DATABASE_TEMPLATE", found[0])
    for name, value in lent.environment().items():
        patch.setenv(name, value)


def _seed(base: Path) -> str:
    """A migrated database saves every run its migrations; where DATABASE_URL is set they run as ever."""
    return "" if os.environ.get("DATABASE_URL") else cluster.seeded(base)
