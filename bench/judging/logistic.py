"""A logistic regression on a few features, as a peer: gradient descent on standardised features, with a small ridge."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from statistics import fmean, pstdev

ROUNDS, RATE, RIDGE = 400, 0.5, 1e-3


@dataclass(frozen=True)
class Model:
    """Weights of standardised features, the first one of none."""

    weights: Sequence[float]
    means: Sequence[float]
    deviations: Sequence[float]

    def score(self, row: Sequence[float]) -> float:
        """Return the log odds of the label."""
        standard = (
            (value - mean) / deviation for value, mean, deviation in zip(row, self.means, self.deviations, strict=True)
        )
        return self.weights[0] + sum(w * value for w, value in zip(self.weights[1:], standard, strict=True))

    def chance(self, row: Sequence[float]) -> float:
        """Return the probability of the label."""
        return 1 / (1 + exp(-max(-30.0, min(30.0, self.score(row)))))


def fitted(rows: Sequence[Sequence[float]], labels: Sequence[bool]) -> Model:
    """Return the model that makes the labels likely."""
    columns = list(zip(*rows, strict=True))
    means, deviations = [fmean(column) for column in columns], [pstdev(column) or 1.0 for column in columns]
    model = Model([0.0] * (len(columns) + 1), means, deviations)
    inputs = [[1.0, *((v - m) / d for v, m, d in zip(row, means, deviations, strict=True))] for row in rows]
    for _ in range(ROUNDS):
        faults = [label - model.chance(row) for row, label in zip(rows, labels, strict=True)]
        steps = [
            fmean(fault * x[k] for fault, x in zip(faults, inputs, strict=True)) for k in range(len(model.weights))
        ]
        moved = [w + RATE * (step - RIDGE * w) for w, step in zip(model.weights, steps, strict=True)]
        model = Model(moved, means, deviations)
    return model
