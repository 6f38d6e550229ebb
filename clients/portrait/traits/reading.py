"""One client's portrait as people read it: each trait with its words, its confidence and what was seen.

portrait_of(client_id, until) -> Portrait or None
spread(day, trait) -> how the values of a trait are spread over the branches
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from clients.lake import manifest as manifests
from clients.lake import paths
from clients.lake.reading import open_lake, relation
from clients.portrait import building
from clients.portrait.traits import figures
from clients.portrait.traits.every import TRAITS
from clients.portrait.traits.signs import SIGNS
from clients.portrait.traits.trait import DECLARED, Text, Trait
from clients.portrait.traits.wide import TABLE, shown

OWN_WORD = _("told us so")
NONE_OF_THEM = _("none in particular")


@dataclass(frozen=True)
class Seen:
    """A sign in words: how often it was seen, when last, and how strongly it speaks for the value (nats).

    `screen`: it was seen on screen; `told`: it is his own word on the trait.
    """

    words: str
    observations: int
    latest: date
    speaks: float
    screen: bool
    told: bool


@dataclass(frozen=True)
class Concluded:
    """One trait of one client. `value` is None while nothing was seen; `since` is the day since which it stands."""

    name: str
    title: Text
    value: str | None
    label: Text
    confidence: float | None
    observations: int
    latest: date | None
    since: date | None
    declared: bool
    signs: tuple[Seen, ...]


@dataclass(frozen=True)
class Portrait:
    """What is concluded of a client at the close of `day`; `clarity` runs from 0 to 1."""

    day: date
    clarity: float
    traits: tuple[Concluded, ...]


def last_day(until: date) -> date | None:
    """Return the newest day up to `until` whose traits are published."""
    return max((day for day in manifests.days(TABLE) if day <= until), default=None)


def failed(day: date) -> dict[str, str]:
    """Return the traits that were not concluded on a day, each with what is wrong with its SELECT."""
    found = manifests.read(TABLE, day)
    return dict(found.notes["failed"]) if found else {}


def label_of(trait: Trait, value: str) -> Text:
    """Return the words for a value."""
    return trait.values.get(value) or value or NONE_OF_THEM


def portrait_of(client_id: int, until: date) -> Portrait | None:
    """Return the newest portrait up to a day; None when there is none, or nothing may be concluded of him."""
    day = last_day(until)
    if day is None:
        return None
    part = paths.bucket(client_id)
    with open_lake() as con:
        rows = con.execute(f"SELECT * FROM {relation(TABLE, [day], part=part)} WHERE client_id = ?", [client_id])
        names = [column[0] for column in rows.description or []]
        row = rows.fetchone()
        signs = con.execute(
            f"SELECT trait, sign, value, observations, latest FROM {relation(SIGNS, [day], part=part)}"
            " WHERE client_id = ? ORDER BY ALL",
            [client_id],
        ).fetchall()
    if row is None:
        return None
    told = dict(zip(names, row, strict=True))
    return Portrait(day, told["clarity"], tuple(_concluded(told, signs)))


def _concluded(row: dict[str, Any], signs: Iterable[Sequence[Any]]) -> Iterable[Concluded]:
    of_trait = defaultdict(list)
    for trait, *sign in signs:
        of_trait[trait].append(sign)
    for trait in TRAITS:
        if trait.name in shown():
            yield _one(trait, row, of_trait[trait.name])


def _one(trait: Trait, row: dict[str, Any], signs: Sequence[Sequence[Any]]) -> Concluded:
    column = f"trait_{trait.name}"
    value = row[column]
    told = figures.of(trait.name).tells  # rows of an older night may name a sign that is no more
    seen = [_seen(trait, sign, value or "") for sign in signs if sign[0] in told]
    return Concluded(
        trait.name,
        trait.title,
        value,
        "" if value is None else label_of(trait, value),
        row[f"{column}_confidence"],
        row[f"{column}_observations"] or 0,
        row[f"{column}_latest"],
        row[f"{column}_since"],
        any(name == DECLARED for name, *_rest in signs),
        tuple(sorted(seen, key=lambda one: -one.speaks)),
    )


def _seen(trait: Trait, sign: Sequence[Any], value: str) -> Seen:
    name, said, observations, latest = sign
    tells = figures.of(trait.name).tells[name]
    words = OWN_WORD if name == DECLARED else trait.signs[name].words
    told = str(words) % {"n": observations, "value": label_of(trait, said or "")}
    speaks = tells.of(value, said or "") * min(observations, tells.most)
    own = name == DECLARED
    return Seen(told, observations, latest, speaks, not own and trait.signs[name].screen, own)


def spread(day: date, name: str) -> list[tuple[int, str | None, int, float | None]]:
    """Return branch, value, clients and their mean confidence for each value of a trait on a day (None: unknown)."""
    with open_lake() as con:
        return con.execute(
            f"""SELECT f.branch_id, t."trait_{name}", count(*), avg(t."trait_{name}_confidence")
            FROM {relation(building.TABLE, [day])} AS f LEFT JOIN {relation(TABLE, [day])} AS t USING (client_id)
            GROUP BY ALL ORDER BY ALL"""
        ).fetchall()
