"""What portraits say of people against what these are: guesses and priors of each trait, and who is about to leave."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bench.judging.scores import Forecast
from clients.lake.reading import open_lake, relation
from clients.portrait.sources import AsOf
from clients.portrait.traits import figures, publishing
from clients.portrait.traits.every import TRAITS
from portal.demo.life.truth import Truth

WATCHED = timedelta(days=90)  # who leaves within them is about to leave
CHURN = "churn"
# Both baselines of the churn trait: a bare figure, and a regression on three.
IDLE = "days_since_last_trade"
THREE = ("days_since_last_trade", "login_days_30d", "net_outflow_weeks_consecutive")
NEVER = 999.0  # days, for who has never traded


@dataclass(frozen=True)
class Client:
    """One client at the close of a day: his row of traits, the share of every value, and what is true of him."""

    row: Mapping[str, Any]
    shares: Mapping[str, Mapping[str, float]]
    features: Mapping[str, float]
    truth: Mapping[str, str]
    leaving: bool


def clients(at: AsOf, truth: Truth, numbers: Mapping[int, str]) -> list[Client]:
    """Return everybody of whom something is concluded on a day and who has not left by then."""
    told: dict[int, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for client, trait, value, share in publishing.shares(at):
        told[client][trait][value] = share
    rows = [row for row in _rows(at.day) if _there(row, at.day, truth, numbers)]
    return [_client(row, told[row["client_id"]], at.day, truth, numbers[row["client_id"]]) for row in rows]


def _rows(day: date) -> list[dict[str, Any]]:
    with open_lake() as con:
        found = con.execute(
            f"""SELECT t.*, {", ".join(f"f.{name}" for name in THREE)} FROM {relation("traits", [day])} AS t
            JOIN {relation("features", [day])} AS f USING (client_id)"""
        )
        names = [column[0] for column in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _there(row: Mapping[str, Any], day: date, truth: Truth, numbers: Mapping[int, str]) -> bool:
    number = numbers.get(row["client_id"])
    return number in truth.traits and truth.leaves.get(number, date.max) > day


def _client(
    row: Mapping[str, Any], shares: Mapping[str, Mapping[str, float]], day: date, truth: Truth, number: str
) -> Client:
    told = {name: truth.trait(number, name, day) for name in truth.traits[number]}
    features = {name: float(NEVER if row[name] is None and name == IDLE else row[name] or 0) for name in THREE}
    leaves = truth.leaves.get(number)
    return Client(row, shares, features, told, leaves is not None and leaves <= day + WATCHED)


def judged() -> list[str]:
    """Return the traits that the truth knows: the others (what only he can tell, who leaves) are judged elsewhere."""
    return [trait.name for trait in TRAITS if trait.name not in (CHURN, "household")]


def forecasts(found: list[Client], trait: str) -> list[Forecast]:
    """Return what is concluded of a trait, of everybody of whom something is."""
    return [Forecast(client.shares[trait], client.truth[trait]) for client in found if trait in client.shares]


def priors(found: list[Client], trait: str) -> list[Forecast]:
    """Return what the prior alone would say of the same people."""
    return [
        Forecast(_prior(client.shares[trait], trait), client.truth[trait]) for client in found if trait in client.shares
    ]


def _prior(values: Mapping[str, float], trait: str) -> dict[str, float]:
    """The general prior over the values of a trait; where signs name them, what NONE leaves goes to all alike."""
    weights = dict(figures.of(trait).prior)
    if set(weights) == {figures.NONE}:
        weights |= {value: 1 / (len(values) - 1) for value in values if value != figures.NONE}
    whole = sum(weights.values())
    return {value: weight / whole for value, weight in weights.items()}


def risk(client: Client) -> float:
    """Return the probability that the portrait gives to his leaving; of whom nothing is known, that of the prior."""
    prior = figures.of(CHURN).prior
    return client.shares.get(CHURN, {}).get("leaves", prior["leaves"] / sum(prior.values()))
