"""How the code is written, as far as a machine can see it."""

import ast
import re
from pathlib import Path

from tests.house.sources import FLOORS, OURS, imported, python_files, read, text_files, tree

MOST_LINES = 300
MARKS = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
OF_THE_TESTS = {"STATIC_STORAGE", "TEST_DATABASE_TEMPLATE"}
TRANSLATES = {"_", "_t", "gettext", "gettext_lazy", "ngettext", "pgettext"}
# Programs of their own, whose lines a person or a log file reads.
MAY_PRINT = {Path("bin/messages.py"), Path("portal/embedded/keeper.py"), Path("portal/embedded/supervisor.py")}


def test_imports_stand_at_the_top_of_the_file() -> None:
    indented = [
        f"{path}:{node.lineno}"
        for path in python_files(*OURS)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Import | ast.ImportFrom) and node.col_offset > 0
    ]

    assert indented == []


def test_nobody_imports_a_jobs_module() -> None:
    """A service puts a job in line by name; only Celery loads the modules. The tests may call a job itself."""
    importing = [
        f"{path}:{line} {name}"
        for path in python_files(*FLOORS)
        for name, line in imported(path)
        if name.endswith(".jobs") and name.split(".")[0] in FLOORS
    ]

    assert importing == []


def test_no_file_is_longer_than_can_be_read() -> None:
    long = {
        str(path): lines
        for path in python_files(*OURS)
        if "migrations" not in path.parts and (lines := len(read(path).splitlines())) > MOST_LINES
    }

    assert long == {}


def test_only_commands_speak_to_the_terminal() -> None:
    printing = [
        f"{path}:{node.lineno}"
        for path in python_files(*FLOORS, "bench", "bin")
        if "commands" not in path.parts and path not in MAY_PRINT
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]

    assert printing == []


def test_no_text_to_translate_hides_in_an_f_string() -> None:
    """Python before 3.12 has one token for the whole string, so the text would never be collected."""
    hidden = [
        f"{path}:{call.lineno}"
        for path in python_files(*FLOORS)
        for whole in ast.walk(tree(path))
        if isinstance(whole, ast.JoinedStr)
        for call in ast.walk(whole)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in TRANSLATES
    ]

    assert hidden == []


def test_every_setting_of_the_environment_is_listed() -> None:
    read_here = set(re.findall(r'\benv(?:\.\w+)?\(\s*"([A-Z_]+)"', read(Path("portal/settings.py"))))
    listed = set(re.findall(r"^# ([A-Z_]+)=", read(Path(".env.example")), re.MULTILINE))

    assert len(read_here) > 15
    assert read_here - listed - OF_THE_TESTS == set()


def test_nothing_is_left_to_do_by_a_mark_in_the_text() -> None:
    marked = {str(path) for path in text_files() if MARKS.search(read(path))}

    assert marked == {"tests/house/test_code.py"}


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(path)
        for path in python_files(*FLOORS, "bench")
        if "migrations" not in path.parts and read(path).strip() and not ast.get_docstring(tree(path))
    ]

    assert silent == []


MINING = "kpm.outcomes.cases.mining"  # runs as a process of its own, so that no worker and no page carries scikit-learn


def test_heavy_statistics_are_imported_by_a_process_of_its_own_only() -> None:
    """scipy and scikit-learn take seconds and hundreds of megabytes."""
    heavy = [
        (str(path), name)
        for path in python_files(*FLOORS)
        for name, _line in imported(path)
        if name.split(".")[0] in ("scipy", "sklearn", "pandas") or name == MINING
    ]

    assert {path for path, _name in heavy} == {MINING.replace(".", "/") + ".py"}
