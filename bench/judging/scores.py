"""How good guesses are: accuracy, Brier score, reliability, area under the ROC curve."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

BINS = 10


@dataclass(frozen=True)
class Guess:
    """One statement about one client: how sure it is (0 to 1), and whether it is true."""

    sure: float
    right: bool


@dataclass(frozen=True)
class Forecast:
    """What is said of one client: the probability of each value, and the true one."""

    shares: Mapping[str, float]
    true: str

    @property
    def guess(self) -> Guess:
        """The most probable value, of equals the last by name."""
        value = max(self.shares, key=lambda one: (self.shares[one], one))
        return Guess(self.shares[value], value == self.true)


def accuracy(guesses: Sequence[Guess]) -> float:
    """Return the share of guesses that are right."""
    return sum(guess.right for guess in guesses) / len(guesses)


def brier(forecasts: Sequence[Forecast]) -> float:
    """Return the Brier score (Brier 1950): the sum of squares over all values, on average; 0 at best, 2 at worst."""
    return sum(_squares(forecast) for forecast in forecasts) / len(forecasts)


def _squares(forecast: Forecast) -> float:
    known = sum((p - (value == forecast.true)) ** 2 for value, p in forecast.shares.items())
    return known if forecast.true in forecast.shares else known + 1


def reliability(guesses: Sequence[Guess]) -> list[tuple[float, float, int]]:
    """Return mean confidence, share that is right and number of guesses for each tenth of confidence that has some."""
    bins: list[list[Guess]] = [[] for _ in range(BINS)]
    for guess in guesses:
        bins[min(int(guess.sure * BINS), BINS - 1)].append(guess)
    return [(sum(g.sure for g in found) / len(found), accuracy(found), len(found)) for found in bins if found]


def calibration_error(guesses: Sequence[Guess]) -> float:
    """Return the expected calibration error: how far confidence and truth lie apart, over tenths of confidence."""
    return sum(abs(sure - right) * many for sure, right, many in reliability(guesses)) / len(guesses)


def auc(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """Return the chance that one with the label scores higher than one without, ties counting half (Mann–Whitney)."""
    ranked = sorted(zip(scores, labels, strict=True))
    ranks, at = 0.0, 0
    while at < len(ranked):
        end = at
        while end < len(ranked) and ranked[end][0] == ranked[at][0]:
            end += 1
        ranks += (at + 1 + end) / 2 * sum(label for _score, label in ranked[at:end])
        at = end
    ones = sum(labels)
    return (ranks - ones * (ones + 1) / 2) / (ones * (len(labels) - ones))
