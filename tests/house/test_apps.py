"""The tree of the house: every folder a declared app, one driver, one direction."""

import configparser
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.psycopg_any import is_psycopg3

from tests.house.sources import FLOORS, ROOT

PLAIN = {"kpm": {"engine"}}  # a package without Django: no app
NOT_APPS = {"__pycache__"}


def folders(floor: str) -> set[str]:
    """The packages on a floor."""
    inside = {path.parent.name for path in (ROOT / floor).glob("*/__init__.py")}
    return inside - NOT_APPS


def test_every_folder_of_a_floor_is_a_declared_app() -> None:
    declared = {floor: set(names.split()) | PLAIN.get(floor, set()) for floor, names in settings.FLOORS.items()}

    assert declared == {floor: folders(floor) for floor in FLOORS}
    assert {config.name for config in apps.get_app_configs()} >= set(settings.HOUSE_APPS)


def test_the_contracts_know_every_app() -> None:
    """`exhaustive` in .importlinter fails on a folder without a layer; this fails on a layer without a folder."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")

    for floor in ("clients", "kpm", "advisory"):
        layers = contracts[f"importlinter:contract:{floor}"]["layers"]
        named = {name.strip() for line in layers.splitlines() for name in line.split("|") if name.strip()}
        assert named == folders(floor)


def test_psycopg2_drives_the_database_and_psycopg_3_is_not_there() -> None:
    """Django would quietly prefer version 3, and `copy_expert` is version 2's."""
    assert importlib.util.find_spec("psycopg") is None
    assert is_psycopg3 is False
    assert connection.Database.__name__ == "psycopg2"


@pytest.mark.django_db
def test_the_migrations_are_in_step_with_the_models() -> None:
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "makemigrations", "--check", "--dry-run"]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_web_and_beat_never_load_the_heavy_statistics() -> None:
    """Both import every jobs module, so one careless import there would be in both."""
    code = (
        "import sys; import portal.wsgi; from portal.celery import app; app.loader.import_default_modules();"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'scipy', 'sklearn', 'pandas', 'pyspark'}))"
    )

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_the_catalogues_are_complete() -> None:
    done = subprocess.run(
        [sys.executable, str(Path("bin/messages.py")), "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (done.stderr, done.stdout if done.returncode else "") == ("", "")
