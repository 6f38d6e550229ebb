"""What a trait is made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.functional import Promise

from clients.portrait.sqlfiles import SqlFile, parsed

Text = str | Promise
DECLARED = "declared"  # the sign of what the client says of himself


@dataclass(frozen=True)
class Sign:
    """Something seen that tells of a trait. `words` say it to a person, with %(n)s observations and %(value)s.

    `screen` is true of what was seen on screen: it is left out for who does not agree to that.
    """

    words: Text
    screen: bool = False


@dataclass(frozen=True)
class Trait:
    """A trait: `values` by code, none where signs name them; `sql` gives the signs and says `-- reads:` what."""

    name: str
    title: Text
    values: Mapping[str, Text]
    signs: Mapping[str, Sign]
    sql: str

    @cached_property
    def file(self) -> SqlFile:
        """The SELECT with the tables that it reads, as feature groups have it."""
        return parsed(self.name, self.sql, place=f"traits/{self.name}.py")

    @property
    def named(self) -> bool:
        """Whether signs name the values."""
        return not self.values
