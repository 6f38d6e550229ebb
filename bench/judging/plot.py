"""A picture of what `bench portrait` found: how right, how clear and how honest portraits are, by days of data.

manage.py bench portrait --json > found.json
python -m bench.judging.plot found.json docs/pictures/portrait.svg
"""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from math import log
from pathlib import Path
from statistics import fmean
from typing import Any

WIDE, HIGH, LEFT, TOP, SIDE = 760, 340, 46, 34, 280
INK, MUTED, LINE, BLUE, AMBER, GREEN = "#18212f", "#5a6675", "#e3e7ee", "#1d4480", "#b7791f", "#14875a"
Point = tuple[float, float]


def picture(found: Mapping[str, Any]) -> str:
    """Return an SVG of the JSON object that the benchmark prints."""
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDE}" height="{HIGH}" fill="#ffffff"/>',
        *_by_days(found["facts"]["traits"], found["ratios"]),
        *_reliability(found["facts"]["reliability"]),
        "</svg>",
    ]) + "\n"  # fmt: skip


def _by_days(traits: Mapping[str, Any], ratios: Mapping[str, float]) -> list[str]:
    days = sorted(map(int, traits))
    lines = {
        "right": (BLUE, [_mean(traits[str(day)], "right") for day in days]),
        "right by the prior": (MUTED, [_mean(traits[str(day)], "prior_right") for day in days]),
        "clarity": (AMBER, [ratios[f"clarity_at_{day}d"] for day in days]),
    }
    place = _scale(LEFT, log(days[0]), log(days[-1]))
    drawn = [_text(LEFT, 20, "Share by days of data, mean of all traits", INK), *_frame(LEFT)]
    drawn += [_text(place((log(day), 0))[0], TOP + SIDE + 18, str(day), MUTED, "middle") for day in days]
    for name, (colour, shares) in lines.items():
        points = [place((log(day), share)) for day, share in zip(days, shares, strict=True)]
        drawn += [_path(points, colour), _text(points[-1][0] + 6, points[-1][1] + 4, name, colour)]
    return drawn


def _reliability(bins: Sequence[Sequence[float]]) -> list[str]:
    left = LEFT + SIDE + 150
    place = _scale(left, 0, 1)
    points = [place((sure, right)) for sure, right, _many in bins]
    return [
        _text(left, 20, "Share that is right by confidence", INK),
        *_frame(left),
        _path([place((0, 0)), place((1, 1))], LINE),
        _path(points, GREEN),
        *[_text(place((x / 2, 0))[0], TOP + SIDE + 18, f"{x / 2:g}", MUTED, "middle") for x in range(3)],
    ]


def _mean(traits: Mapping[str, Mapping[str, float]], name: str) -> float:
    return fmean(one[name] for one in traits.values())


def _scale(left: float, least: float, most: float) -> Callable[[Point], Point]:
    return lambda at: (left + SIDE * (at[0] - least) / (most - least), TOP + SIDE * (1 - at[1]))


def _frame(left: float) -> list[str]:
    marks = [_text(left - 6, TOP + SIDE * (1 - y / 4) + 4, f"{y * 25}%", MUTED, "end") for y in range(5)]
    return [f'<rect x="{left}" y="{TOP}" width="{SIDE}" height="{SIDE}" fill="none" stroke="{LINE}"/>', *marks]


def _path(points: Sequence[Point], colour: str) -> str:
    told = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{told}" fill="none" stroke="{colour}" stroke-width="2"/>'


def _text(x: float, y: float, words: str, colour: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}">{words}</text>'


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(picture(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))), encoding="utf-8")
