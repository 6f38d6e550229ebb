"""The house's own Python files, read once for the tests that look at code."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FLOORS = ("clients", "kpm", "advisory", "portal")
OURS = (*FLOORS, "tests", "bench", "bin")


def python_files(*folders: str) -> list[Path]:
    """Every Python file below these folders, relative to the repository."""
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return sorted(path.relative_to(ROOT) for path in found)


def text_files() -> Iterator[Path]:
    """Everything that people wrote and a rule about words applies to."""
    for folder, kinds in ((name, ("*.py", "*.sql", "*.yaml")) for name in OURS):
        for kind in kinds:
            yield from (path.relative_to(ROOT) for path in (ROOT / folder).rglob(kind))
    for folder, kind in (("templates", "*.html"), ("static/js", "*.js"), ("static/css", "*.css"), ("docs", "*.md")):
        yield from (path.relative_to(ROOT) for path in (ROOT / folder).rglob(kind))


@cache
def read(path: Path) -> str:
    """The text of a file."""
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(read(path), str(path))


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """Every module that a file imports (`a.b` for `from a import b`), with its line."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)
