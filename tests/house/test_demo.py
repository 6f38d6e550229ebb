"""The simulated branch acts through services like everybody else, and what it hides stays hidden."""

from pathlib import Path

from portal.demo.life import truth
from tests.house.sources import FLOORS, imported, python_files, read


def imports_of_models(path: Path) -> list[str]:
    """Every line of a file that imports a model."""
    return [f"{path}:{line} {name}" for name, line in imported(path) if "models" in name.split(".")]


def test_the_demo_imports_no_model() -> None:
    assert [found for path in python_files("portal/demo") for found in imports_of_models(path)] == []


def test_the_scan_sees_the_import_of_a_model(tmp_path: Path) -> None:
    module = tmp_path / "acting.py"
    module.write_text("from django.db import transaction\nfrom clients.register.models import Client\n")

    assert [found.split(" ")[1] for found in imports_of_models(module)] == [
        "clients.register.models",
        "clients.register.models.Client",
    ]


def test_nobody_who_decides_or_serves_knows_of_the_hidden_truth() -> None:
    speaking = [
        str(path)
        for path in python_files(*FLOORS)
        if path.parts[:2] != ("portal", "demo") and (truth.FILE in read(path) or "demo.life.truth" in read(path))
    ]

    assert speaking == []


def test_nobody_who_decides_or_serves_knows_of_a_hidden_temper() -> None:
    speaking = [
        str(path)
        for path in python_files(*FLOORS)
        if path.parts[:2] != ("portal", "demo") and "demo.life.temper" in read(path)
    ]

    assert speaking == []


def test_only_those_who_act_in_the_demo_or_write_it_ask_for_the_truth() -> None:
    asking = [str(path) for path in python_files("portal/demo") if any("truth" in name for name, _ in imported(path))]

    assert asking == [f"portal/demo/life/{name}.py" for name in ("acting", "living", "past")]
