"""Filters of the administration whose codes are said in words of the page."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.contrib import admin

from kpm.strategies import naming


class NamedFilter(admin.AllValuesFieldListFilter):
    """The values that a column has, each by the name that `named` gives its code."""

    named: "staticmethod[[str], str]"

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Put the name in the place of each value."""
        known = {str(value) for value in self.lookup_choices}
        for choice in super().choices(changelist):
            said = str(choice["display"])
            yield {**choice, "display": self.named(said) if said in known else choice["display"]}


class FamilyFilter(NamedFilter):
    """Families of strategies, in the language of the page."""

    named = staticmethod(naming.family)


class SlotFilter(NamedFilter):
    """When in the day."""

    named = staticmethod(partial(naming.say, naming.SLOTS))


class ArmFilter(NamedFilter):
    """The group of a hit: served or held out."""

    named = staticmethod(partial(naming.say, naming.ARMS))


class OptionFilter(NamedFilter):
    """What may be named by a version: message templates or playbooks."""

    named = staticmethod(partial(naming.say, naming.OPTIONS))
