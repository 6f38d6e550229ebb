"""Every job that somebody puts in line exists."""

import ast

import pytest

from portal import timetable
from portal.celery import app
from tests.house.sources import FLOORS, python_files, tree

# They put in line what the schedule names; a test below checks those names.
NAMED_BY_THE_SCHEDULE = {"clients/shared/beat.py", "clients/shared/admin.py"}


@pytest.fixture(scope="module")
def registered() -> set[str]:
    """The names that a worker knows after it has loaded every app's jobs."""
    app.loader.import_default_modules()
    return {name for name in app.tasks if not name.startswith("celery.")}


def enqueued() -> dict[str, str | None]:
    """Where something is put in line, and its name if it is written there."""
    found: dict[str, str | None] = {}
    for path in python_files(*FLOORS):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and _called(node.func) == "enqueue" and node.args:
                first = node.args[0]
                found[f"{path}:{node.lineno}"] = first.value if isinstance(first, ast.Constant) else None
    return found


def _called(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def test_every_enqueued_name_is_a_registered_job(registered: set[str]) -> None:
    names = {place: name for place, name in enqueued().items() if place.split(":")[0] not in NAMED_BY_THE_SCHEDULE}

    assert {place: name for place, name in names.items() if name not in registered} == {}


def test_every_name_of_the_timetable_is_a_registered_job(registered: set[str]) -> None:
    planned = {entry["task"] for entry in timetable.BEAT_SCHEDULE.values()}

    assert planned <= registered
    assert {"shared.sweep", "strategies.run_slot", "dispatch.deliver", "taskqueue.sweep_lapsed"} <= planned


def test_a_job_is_named_after_its_app(registered: set[str]) -> None:
    folders = {path.parts[1] for path in python_files(*FLOORS) if path.name == "jobs.py"}

    assert {name.split(".")[0] for name in registered} == folders
