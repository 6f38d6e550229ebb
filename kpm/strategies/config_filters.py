"""Filters of the administration whose codes are said in words of the page."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin

from kpm.strategies import naming


class NamedFilter(admin.AllValuesFieldListFilter):
    """The values that a column has, each by its name."""

    def name(self, code: str) -> str:
        """Say one value."""
        raise NotImplementedError

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Put the name in the place of each value."""
        known = {str(value) for value in self.lookup_choices}
        for choice in super().choices(changelist):
            said = str(choice["display"])
            yield {**choice, "display": self.name(said) if said in known else choice["display"]}


class FamilyFilter(NamedFilter):
    """Families of strategies."""

    def name(self, code: str) -> str:
        """A family in the language of the page."""
        return naming.family(code)


class SlotFilter(NamedFilter):
    """Slots of the day."""

    def name(self, code: str) -> str:
        """When in the day."""
        return naming.say(naming.SLOTS, code)


class ArmFilter(NamedFilter):
    """Served or held out."""

    def name(self, code: str) -> str:
        """The group of a hit."""
        return naming.say(naming.ARMS, code)


class OptionFilter(NamedFilter):
    """Message templates or playbooks."""

    def name(self, code: str) -> str:
        """What may be named by a version."""
        return naming.say(naming.OPTIONS, code)
