"""Which processes make up the house, in the order in which they start."""

from pathlib import Path

from portal.embedded.places import places
from portal.operations import house


def started(folder: Path, *, demo: bool) -> list[tuple[str, bool]]:
    """Names of all processes, and whether the next one starts without waiting for the end of this one."""
    children = house.children(port=8000, where=places(folder), demo=demo, addresses={})
    return [(child.name, child.beside) for child in children]


def test_the_tables_are_made_beside_the_past_and_pages_wait_for_the_first_days(tmp_path: Path) -> None:
    assert started(tmp_path, demo=True) == [
        ("past", True), ("migrate", False), ("static", True), ("first days", False), ("web", False), ("demo", False),
        ("worker", False), ("beat", False),
    ]  # fmt: skip


def test_without_a_demo_nobody_writes_a_past(tmp_path: Path) -> None:
    assert started(tmp_path, demo=False) == [
        ("static", True), ("migrate", False), ("web", False), ("worker", False), ("beat", False),
    ]  # fmt: skip
