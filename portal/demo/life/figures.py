"""The figures of `figures.yaml`: how people of each kind behave."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from clients.shared import yamls

FILE = Path(__file__).with_name("figures.yaml")


@dataclass(frozen=True)
class Manner:
    """How clients of one kind live; the file says what each figure means."""

    name: str
    share: int
    trade: int
    pay_in: int
    pay_out: int
    assets: tuple[int, int]
    names: int
    helped: int
    ages: tuple[int, int]


@lru_cache(maxsize=1)
def figures() -> dict[str, Any]:
    """Return everything in the file but the kinds."""
    return {name: value for name, value in _read().items() if name != "kinds"}


@lru_cache(maxsize=1)
def manners() -> dict[str, Manner]:
    """Return the kinds of clients by name; raises ValueError when their shares do not make a hundred."""
    rows = {name: {key: _fixed(value) for key, value in row.items()} for name, row in _read()["kinds"].items()}
    found = {name: Manner(name=name, **row) for name, row in rows.items()}
    if (total := sum(kind.share for kind in found.values())) != 100:
        raise ValueError(f"The shares of the kinds in {FILE.name} make {total}, not 100.")
    return found


@lru_cache(maxsize=1)
def _read() -> dict[str, Any]:
    return dict(yamls.load(FILE.read_text(encoding="utf-8")))


def _fixed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
