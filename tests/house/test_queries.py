"""Rows of clients are read through selectors and written by services, and nowhere else."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps

from tests.clients.org.rows import models_with_clients
from tests.house.sources import FLOORS, python_files, tree

MANAGERS = {"objects", "_default_manager", "_base_manager"}
# Where rows may be asked for: there every question goes through access.scope or is part of a write. A `kinds` module
# is the writing half of the importer.
PLACES = {"selectors", "services", "migrations", "backends", "kinds"}
# Others, each with its reason.
ALLOWED: dict[str, str] = {}


def raw_queries(path: Path, names: set[str]) -> Iterator[str]:
    """Every `Model.objects` of a model with client data that the file imports."""
    known = {
        alias.asname or alias.name
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and "models" in (node.module or "").split(".")
        for alias in node.names
        if alias.name in names
    }
    for node in ast.walk(tree(path)):
        is_manager = isinstance(node, ast.Attribute) and node.attr in MANAGERS and isinstance(node.value, ast.Name)
        if is_manager and node.value.id in known:
            yield f"{path}:{node.lineno} {node.value.id}.{node.attr}"


def test_client_rows_are_asked_for_in_selectors_and_services_only() -> None:
    names = {model.__name__ for model in models_with_clients()}

    raw = [
        found
        for path in python_files(*FLOORS)
        if not PLACES & {part.removesuffix(".py") for part in path.parts} and str(path) not in ALLOWED
        for found in raw_queries(path, names)
    ]

    assert raw == []


def test_the_exceptions_are_still_needed() -> None:
    names = {model.__name__ for model in models_with_clients()}

    assert [path for path in ALLOWED if not list(raw_queries(Path(path), names))] == []


def test_the_scan_sees_a_raw_query(tmp_path: Path) -> None:
    page = tmp_path / "views.py"
    page.write_text("from clients.register.models import Client as Person\nrows = Person.objects.all()\n")

    assert [line.split(" ")[1] for line in raw_queries(page, {"Client"})] == ["Person.objects"]


def test_no_two_models_of_the_house_share_a_name_that_the_scan_could_confuse() -> None:
    names = [model.__name__ for model in models_with_clients()]
    others = {model.__name__ for model in apps.get_models()} - set(names)

    assert len(names) == len(set(names))
    assert not others & set(names)
