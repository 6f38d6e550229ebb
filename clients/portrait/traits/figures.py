"""The figures of the traits: priors, and what a sign tells (figures.yaml)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from clients.shared import yamls

FILE = Path(__file__).resolve().parent / "figures.yaml"
NAMED, OTHERS, MOST = "named", "others", "most"
NONE = ""  # the value of a trait whose signs name values: none of them


@dataclass(frozen=True)
class Tells:
    """What one observation of a sign says, in nats; at most so many observations count.

    Either `nats` gives it for each value, or the sign names a value: then it says `named` of that one and `others` of
    all others, and nothing of NONE.
    """

    most: int
    nats: Mapping[str, float]
    named: float | None = None
    others: float = 0.0

    def of(self, value: str, said: str) -> float:
        """Return what the sign says of a value when it names `said`."""
        if self.named is None:
            return self.nats.get(value, 0.0)
        if value == said:
            return self.named
        return 0.0 if value == NONE else self.others


@dataclass(frozen=True)
class Figures:
    """Of one trait: weights of its values before anything is known, and its signs. `hidden` says why it is not shown.

    A trait whose values are seen only gives the weight of NONE, against 1 for all the others together.
    """

    prior: Mapping[str, float]
    tells: Mapping[str, Tells]
    hidden: str = ""


@dataclass(frozen=True)
class Shared:
    """Of all traits: pseudo-clients that the prior of `figures.yaml` weighs in a segment; bounds of ages in years."""

    strength: float
    ages: tuple[int, ...]


@lru_cache(maxsize=1)
def _document() -> dict[str, Any]:
    found: dict[str, Any] = yamls.load(FILE.read_text(encoding="utf-8"))
    return found


def shared() -> Shared:
    """Return the figures that all traits share."""
    found = _document()["shared"]
    return Shared(float(found["strength"]), tuple(found["ages"]))


@lru_cache(maxsize=128)
def of(trait: str) -> Figures:
    """Return the figures of a trait; raises KeyError for one without."""
    found = _document()[trait]
    tells = {sign: _tells(told) for sign, told in {**_document()["shared"]["tells"], **found["tells"]}.items()}
    return Figures(found["prior"], tells, found.get("hidden", ""))


def _tells(told: Mapping[str, Any]) -> Tells:
    nats = {value: float(n) for value, n in told.items() if value not in (MOST, NAMED, OTHERS)}
    return Tells(int(told[MOST]), nats, told.get(NAMED), float(told.get(OTHERS, 0)))
