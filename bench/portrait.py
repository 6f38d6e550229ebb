"""`bench portrait`: traits of a simulated branch against its hidden truth, by days of data.

The branch lives day by day without being served: files come in, features and traits are made on four days. For each
trait and day: how often it is right, its Brier score and calibration, beside its prior's; the clarity of the portraits;
and, for who leaves within ninety days, the area under the curve beside two baselines. Nothing that concludes reads the
truth.
"""

import logging
import tempfile
from datetime import date
from pathlib import Path
from statistics import fmean
from typing import Any

from bench import throwaway
from bench.judging import logistic, portraits, scores
from bench.judging.branch import Branch
from bench.judging.portraits import IDLE, THREE, Client
from bench.result import NotMeasured, Result
from clients.lake.manifest import unsynced
from clients.lake.reading import kept_open
from clients.portrait import services as portrait
from clients.portrait.sources import AsOf
from clients.shared import clock

NAME, TITLE = "portrait", "traits against the hidden truth of a simulated branch"
CLIENTS, SEED = 1000, 29  # the figures of the traits were looked at with seed 11
DAYS = (7, 30, 90, 250)
log = logging.getLogger(__name__)


def run(*, clients: int | None = None) -> Result:
    """Measure in a database and a lake of its own, which are gone afterwards."""
    with throwaway.database(), throwaway.lake(), tempfile.TemporaryDirectory() as folder:
        return measure(Path(folder), clients=clients or CLIENTS, days=DAYS)


def measure(folder: Path, *, clients: int, days: tuple[int, ...], seed: int = SEED) -> Result:
    """Live the branch and judge its portraits on each of the days."""
    branch = Branch(folder, clients=clients, days=days[-1], seed=seed)
    branch.found()
    found = {number: _portraits(branch, branch.advance(number)) for number in days}
    told = {number: _traits(people) for number, people in found.items()}
    clarity = {number: fmean(client.row["clarity"] for client in people) for number, people in found.items()}
    churn = {number: _churn(people, _earlier(found, number)) for number, people in found.items()}
    last = [one.guess for trait in portraits.judged() for one in portraits.forecasts(found[days[-1]], trait)]
    ratios = {f"clarity_at_{number}d": round(clarity[number], 3) for number in days}
    return Result(
        NAME,
        ratios=ratios
        | {name: round(value, 3) for name, value in _best(churn).items()}
        | {"calibration_error": round(scores.calibration_error(last), 3)},
        facts={
            "clients": clients,
            "seed": seed,
            "traits": told,
            "churn": churn,
            "reliability": [[round(sure, 3), round(right, 3), many] for sure, right, many in scores.reliability(last)],
            "worse_than_prior": [name for name, one in told[days[-1]].items() if one["brier"] >= one["prior_brier"]],
        },
    )


def _portraits(branch: Branch, day: date) -> list[Client]:
    log.info("portraits of %s", day)
    now = clock.now()
    with unsynced(), kept_open():
        portrait.mirror_day(day=day, cutoff=now)
        portrait.compute_features(day=day, cutoff=now)
        portrait.update_traits(day=day, cutoff=now)
    return portraits.clients(AsOf(day, now), branch.truth, branch.numbers())


def _traits(people: list[Client]) -> dict[str, dict[str, Any]]:
    """Of each trait: of how many something is concluded, and how good that and the prior are."""
    found = {}
    for trait in portraits.judged():
        ours, prior = portraits.forecasts(people, trait), portraits.priors(people, trait)
        if ours:
            guesses = [one.guess for one in ours]
            found[trait] = {
                "known": len(ours),
                "right": round(scores.accuracy(guesses), 3),
                "prior_right": round(scores.accuracy([one.guess for one in prior]), 3),
                "brier": round(scores.brier(ours), 3),
                "prior_brier": round(scores.brier(prior), 3),
                "calibration_error": round(scores.calibration_error(guesses), 3),
            }
    return found


def _earlier(found: dict[int, list[Client]], number: int) -> list[Client]:
    """The people of the day before this one on which portraits were made: what the regression may learn from."""
    return [client for day, people in found.items() if day < number for client in people]


def _churn(people: list[Client], earlier: list[Client]) -> dict[str, float]:
    """The areas under the curve; the regression is there once somebody has left before."""
    labels = [client.leaving for client in people]
    if not any(labels) or all(labels):
        return {}
    areas = {
        "leaving": float(sum(labels)),
        "auc": scores.auc([portraits.risk(client) for client in people], labels),
        "auc_idle": scores.auc([client.features[IDLE] for client in people], labels),
    }
    if any(client.leaving for client in earlier):
        model = logistic.fitted([_three(client) for client in earlier], [client.leaving for client in earlier])
        areas["auc_regression"] = scores.auc([model.score(_three(client)) for client in people], labels)
    return {name: round(area, 3) for name, area in areas.items()}


def _three(client: Client) -> list[float]:
    return [client.features[name] for name in THREE]


def _best(churn: dict[int, dict[str, float]]) -> dict[str, float]:
    """Ours and the better baseline, over the days on which both are there."""
    both = [one for one in churn.values() if "auc_regression" in one]
    if not both:
        raise NotMeasured("Nobody was about to leave: ask for more clients.")
    return {
        "churn_auc": fmean(one["auc"] for one in both),
        "churn_auc_baseline": max(fmean(one[name] for one in both) for name in ("auc_idle", "auc_regression")),
    }
