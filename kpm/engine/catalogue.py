"""The catalogue: which features a condition may name, and what each of them is."""

import difflib
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

Dtype = Literal["bool", "int", "decimal", "date", "text", "enum", "list"]
NUMBERS = ("int", "decimal")


@dataclass(frozen=True)
class Feature:
    """One column of the client's row: what it is called, how it is counted, what its values can be.

    `unit` is a key of the catalogue's units ("" for a feature without one); `values` lists what an enum (or
    the elements of a list) may be; `key` says that a companion column `<name>__key` names the object that
    gave the value; `process` marks an outcome that only a treated client can have, never a goal;
    `definition` says in one sentence how it is counted and when it is NULL.
    """

    name: str
    title: str
    title_en: str
    dtype: Dtype
    unit: str = ""
    values: tuple[str, ...] = ()
    group: str = ""
    source: tuple[str, ...] = ()
    definition: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    key: bool = False
    active: bool = True
    process: bool = False

    @property
    def is_number(self) -> bool:
        """Whether the feature can be compared by size and calculated with."""
        return self.dtype in NUMBERS


class CatalogueError(ValueError):
    """A catalogue file that cannot be used; `problems` holds one sentence per fault."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Catalogue:
    """The features that conditions may name, by name, with the units and source tables they refer to."""

    features: Mapping[str, Feature]
    units: Mapping[str, str]
    tables: Mapping[str, str]

    def __contains__(self, name: object) -> bool:
        """Whether a feature of this name exists, active or not."""
        return name in self.features

    def __getitem__(self, name: str) -> Feature:
        """Give the feature of this name; KeyError when there is none."""
        return self.features[name]

    def __len__(self) -> int:
        """Count the features."""
        return len(self.features)

    @cached_property
    def version(self) -> str:
        """Sixteen hex digits that change when anything about any feature changes."""
        rows = [asdict(self.features[name]) for name in sorted(self.features)]
        text = json.dumps(rows, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def suggest(self, name: str) -> list[str]:
        """List up to three feature names that look like the one typed, best first."""
        return difflib.get_close_matches(name, self.features, n=3, cutoff=0.6)

    def subset(self, names: Iterable[str]) -> "Catalogue":
        """Give a catalogue of only these features; CatalogueError names those that do not exist."""
        wanted = list(names)
        missing = [name for name in wanted if name not in self.features]
        if missing:
            raise CatalogueError([f"The catalogue has no feature {name}." for name in missing])
        return Catalogue({name: self.features[name] for name in wanted}, self.units, self.tables)
