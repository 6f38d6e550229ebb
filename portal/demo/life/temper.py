"""What a client is like, hidden: it moves what he does with money and on screen, and a portrait is judged by it.

The values of each trait, and how strongly it shows, are figures (`tempers.yaml`). Only what acts for him reads them,
and the judge; whoever decides or serves sees nothing but what he does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import time
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

from clients.shared import yamls
from portal.demo.life.listings import INDUSTRIES
from portal.demo.sample.dice import dice

FILE = Path(__file__).with_name("tempers.yaml")
# From each time on, until the next one.
BANDS = {"early": time(6, 30), "morning": time(9), "midday": time(11, 30), "afternoon": time(13), "evening": time(15),
         "night": time(21)}  # fmt: skip
CONTACT_FROM = {"morning": time(0), "midday": time(11, 30), "afternoon": time(13), "evening": time(15)}
HUNDRED = 100


@dataclass(frozen=True)
class Temper:
    """The traits of one client by their codes; `industry` is the name of one, or empty."""

    life_stage: str
    occupation: str
    goal: str
    activity: str
    horizon: str
    style: str
    risk_appetite: str
    industry: str
    rhythm: str
    platform: str
    products: str
    margin: str
    price_sensitivity: str
    information: str
    contact_time: str
    contact_channel: str
    broker: str
    wealth: str

    def reached(self, at: time, usual: int) -> int:
        """Return the chance in per cent that he answers a call at `at`, `usual` being that of anybody."""
        answers = shows()["answers"]
        more: int = answers["in_time" if contact_band(at) == self.contact_time else "other_time"]
        return usual + more + int(answers["phone" if self.contact_channel == "phone" else "other"])

    def reads(self, usual: int) -> int:
        """Return his chance to open a message of the app, `usual` being that of anybody, in the same unit."""
        reads = shows()["reads"]
        return usual * int(reads["app" if self.contact_channel == "app" else "other"]) // HUNDRED


TRAITS = tuple(field.name for field in fields(Temper))


def contact_band(at: time) -> str:
    """Return the part of the day in which a call lies."""
    return [band for band, start in CONTACT_FROM.items() if start <= at][-1]


def drawn(seed: int, number: int, *, kind: str, age: int, assets: int) -> Temper:
    """Return the temper of the client with this number; `assets` in CNY is all he has, wherever it lies."""
    rng = dice(seed, "temper", number)
    found: dict[str, str] = {"kind": kind}
    for name, table in figures()["traits"].items():
        found[name] = _value(name, table, found, age, rng)
    del found["kind"]
    return Temper(**found, wealth=_wealth(assets))


def says(rng: Random, name: str) -> bool:
    """Whether a trait shows this time, by the share of a hundred under this name."""
    return rng.randrange(HUNDRED) < int(shows()[name])


def chosen(rng: Random, weights: Mapping[str, int]) -> str:
    """Draw one of the names, each as often as its weight says."""
    at = rng.randrange(sum(weights.values()))
    return next(name for name, reached in zip(weights, accumulate(weights.values()), strict=True) if at < reached)


def shows() -> dict[str, Any]:
    """Return how strongly traits show."""
    found: dict[str, Any] = figures()["shows"]
    return found


@lru_cache(maxsize=1)
def figures() -> dict[str, Any]:
    """Return everything in the file. Raises ValueError when the shares of a trait do not make a hundred."""
    found: dict[str, Any] = yamls.load(FILE.read_text(encoding="utf-8"))
    for name, table in found["traits"].items():
        for key, shares in table.get("shares", {}).items():
            if isinstance(shares, dict) and sum(shares.values()) != HUNDRED:
                raise ValueError(f"{FILE.name}: the shares of {name} for {key} make {sum(shares.values())}, not 100.")
    return found


def _value(name: str, table: Mapping[str, Any], found: Mapping[str, str], age: int, rng: Random) -> str:
    if table["by"] == "age":
        return _stage(table, age, rng)
    shares = table["shares"]
    row = shares.get(found[table["by"]], shares.get("other"))
    if name == "industry":
        favourite = rng.choice(INDUSTRIES)
        return favourite if rng.randrange(HUNDRED) < row else ""
    return chosen(rng, row)


def _stage(table: Mapping[str, Any], age: int, rng: Random) -> str:
    """By his age; some are earlier or later than others of their years."""
    stages = [*table["ends"], table["last"]]
    at = sum(age > end for end in table["ends"].values())
    if rng.randrange(HUNDRED) < table["strays"]:
        at = min(len(stages) - 1, max(0, at + rng.choice((-1, 1))))
    return stages[at]


def _wealth(assets: int) -> str:
    bands = figures()["wealth"]
    return next((name for name, end in bands.items() if name != "last" and assets < end), str(bands["last"]))
