"""Every advisory lock of the house names its key space."""

import re

from clients.intake import selectors, taking
from clients.shared.advisory import Space
from tests.house.sources import FLOORS, python_files, read

LOCK = re.compile(r"pg_\w*advisory\w*\((.{2})")


def test_every_lock_is_counted_by_two_numbers_the_first_of_which_is_its_space() -> None:
    found = {str(file): LOCK.findall(read(file)) for file in python_files(*FLOORS)}

    firsts = {name: set(locks) for name, locks in found.items() if locks}
    assert len(firsts) >= 7
    assert {first for locks in firsts.values() for first in locks} == {"%s"}


def test_imports_use_the_spaces_that_are_theirs() -> None:
    assert (taking.MERGING, selectors.ALIVE) == (Space.IMPORT_MERGING, Space.IMPORT_ALIVE)
