"""A database and a lake of a benchmark's own, gone afterwards, also when it is broken off."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.test.utils import override_settings


@contextmanager
def database() -> Iterator[str]:
    """Use a freshly migrated database on the configured server; its name."""
    name, before = f"wangting_bench_{os.getpid()}", connection.settings_dict["NAME"]
    try:
        _on_the_server(f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}" {_template()}')
        _use(name)
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
        yield name
    finally:
        _use(before)
        _on_the_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def lake() -> Iterator[Path]:
    """Use an empty lake in the system's temporary folder."""
    with tempfile.TemporaryDirectory() as folder, override_settings(LAKE_DIR=folder):
        yield Path(folder)


def _template() -> str:
    """A database that is migrated already, where tests have one."""
    name = connection.settings_dict["TEST"].get("TEMPLATE")
    return f'TEMPLATE "{name}"' if name else ""


def _use(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def _on_the_server(*statements: str) -> None:
    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
