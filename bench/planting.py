"""Clients in whom a rule is planted, or none, drawn from a seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from kpm.outcomes.cases.table import Cell, Literal, Table

EACH, UNKNOWN, HIDDEN = 5, 0.05, 0.1  # others per client; share of unknown values; share of clients without the rule
KINDS = ("money", "money", "count", "flag", "word")
WORDS = ("none", "low", "high")


@dataclass(frozen=True)
class Planted:
    """A table and the rule that its clients of the case follow, but for one in ten; without a rule anybody is one."""

    table: Table
    rule: tuple[Literal, ...]


class World:
    """Clients with `columns` values of several kinds each."""

    def __init__(self, seed: int, columns: int) -> None:
        self.random = Random(seed)  # noqa: S311 - drawn data, no secret
        self.kinds = [self.random.choice(KINDS) for _column in range(columns)]
        self.names = tuple(f"f{number}" for number in range(columns))

    def client(self) -> list[Cell]:
        return [None if self.random.random() < UNKNOWN else self._cell(kind) for kind in self.kinds]

    def _cell(self, kind: str) -> Cell:
        if kind == "money":
            return self.random.lognormvariate(0, 1)
        if kind == "count":
            return float(self.random.randrange(40))
        return self.random.choice(WORDS) if kind == "word" else float(self.random.random() < 0.4)

    def rule(self, leaves: int) -> tuple[Literal, ...]:
        return tuple(self._leaf(place) for place in self.random.sample(range(len(self.kinds)), leaves))

    def _leaf(self, place: int) -> Literal:
        kind, name = self.kinds[place], self.names[place]
        if kind == "word":
            return Literal(name, "=", self.random.choice(WORDS))
        values = {
            "money": self.random.choice((0.7, 1.0, 1.5)),
            "count": float(self.random.randrange(12, 28)),
            "flag": 1.0,
        }
        return Literal(name, ">=" if kind == "flag" else self.random.choice((">=", "<")), values[kind])

    def follows(self, client: Sequence[Cell], rule: Sequence[Literal]) -> bool:
        return all(one.holds(client[self.names.index(one.column)]) for one in rule)

    def drawn(self, n: int, rule: Sequence[Literal], follows: bool) -> list[list[Cell]]:
        found: list[list[Cell]] = []
        while len(found) < n:
            client = self.client()
            if self.follows(client, rule) is follows:
                found.append(client)
        return found


def planted(seed: int, *, leaves: int = 2, served: int = 200, columns: int = 60) -> Planted:
    """So many clients of a case, one in ten of whom does not follow the rule, beside five others each.

    Of the others one in ten follows it too. With no leaves everybody is drawn alike.
    """
    world = World(seed, columns)
    rule, hidden = world.rule(leaves), round(served * HIDDEN)
    if leaves:
        mine = world.drawn(served - hidden, rule, True) + world.drawn(hidden, rule, False)
        others = world.drawn((served - hidden) * EACH, rule, False) + world.drawn(hidden * EACH, rule, True)
    else:
        mine, others = world.drawn(served, (), True), world.drawn(served * EACH, (), True)
    rows = mine + others
    halves = [world.random.random() < 0.5 for _row in rows]
    whole = frozenset(name for name, kind in zip(world.names, world.kinds, strict=True) if kind == "count")
    return Planted(Table(world.names, rows, [n < len(mine) for n in range(len(rows))], halves, whole), rule)
