"""How well all clients are known on a day, trait by trait and branch by branch: counts and means, nobody by name."""

from dataclasses import dataclass
from datetime import date

from clients.lake.reading import open_lake, relation
from clients.portrait import building
from clients.portrait.traits import wide
from clients.portrait.traits.every import TRAITS
from clients.portrait.traits.trait import Text, Trait


@dataclass(frozen=True)
class Known:
    """Of how many of all `clients` a trait has a value, and how sure these are on average (None: of nobody)."""

    name: str
    title: Text
    clients: int
    known: int
    confidence: float | None

    @property
    def share(self) -> float | None:
        """The share of clients with a value; None without clients."""
        return self.known / self.clients if self.clients else None


def known_traits(day: date) -> list[Known]:
    """Return how well each shown trait is known on a day, in the order in which traits are shown."""
    shown = [trait for trait in TRAITS if trait.name in wide.shown()]
    counts = ", ".join(f'count("trait_{one.name}"), avg("trait_{one.name}_confidence")' for one in shown)
    with open_lake() as con:
        clients = con.execute(f"SELECT count(*) FROM {relation(building.TABLE, [day])}").fetchall()[0][0]
        row = con.execute(f"SELECT {counts} FROM {relation(wide.TABLE, [day])}").fetchall()[0]
    return [Known(one.name, one.title, clients, row[2 * n], row[2 * n + 1]) for n, one in enumerate(shown)]


def clarity_by_branch(day: date) -> dict[int, tuple[int, float]]:
    """Return by branch how many clients have a portrait on a day, and their mean clarity, 0 to 1."""
    with open_lake() as con:
        rows = con.execute(
            f"""SELECT f.branch_id, count(*), avg(t.clarity) FROM {relation(building.TABLE, [day])} AS f
            JOIN {relation(wide.TABLE, [day])} AS t USING (client_id) GROUP BY f.branch_id"""
        ).fetchall()
    return {branch: (n, clarity) for branch, n, clarity in rows}


def shown_trait(name: str) -> Trait:
    """Return a trait that is shown; raises KeyError for any other name."""
    return {trait.name: trait for trait in TRAITS if trait.name in wide.shown()}[name]
