"""The lines that the command `strategies` says."""

from collections.abc import Iterator, Mapping
from typing import Any

from kpm.strategies.models import BackTest
from kpm.strategies.services.library.loading import Loaded

FIRST = 5  # rows of a list that a shell shows; the page has them all


def loaded_lines(loaded: Loaded, *, dry_run: bool) -> Iterator[str]:
    """Say what a load did, field by field where something changed, and whom it left alone."""
    for what in ("new", "changed", "unchanged"):
        codes = getattr(loaded, what)
        yield f"{what:<10} {len(codes):>4}  {'' if what == 'unchanged' else ', '.join(codes)}"
    for code, changes in loaded.diffs.items():
        yield from (f"  {code} {change}" for change in changes)
    if loaded.kept:
        yield f"{'kept':<10} {len(loaded.kept):>4}  {', '.join(loaded.kept)}  (their newest version is a person's)"
    if dry_run:
        yield "nothing was changed: this was a dry run"


def stopped(step: Mapping[str, Any]) -> str:
    """Say what stopped at a step, behind its count."""
    reasons = ", ".join(f"{reason} {number:,}" for reason, number in step["stopped"])
    return f"   stopped: {reasons}" if reasons else ""


def backtested(test: BackTest) -> Iterator[str]:
    """Say the result of a back-test: what would have been hit, never what it would have brought."""
    result: dict[str, Any] = test.result or {}
    days = result["days"]
    matched, new = sum(row[1] for row in days), sum(row[2] for row in days)
    yield f"{test.version}, {len(days)} trading days from {test.from_day} to {test.to_day}"
    yield f"would have matched {matched:,} client-days of {result['clients']:,} clients; {new:,} new hits"
    if days:
        yield f"new hits a day: {new / len(days):.1f} on average, at most {max(row[2] for row in days):,}"
    for reason, number in result["left_out"]:
        yield f"left out: {number} days, {reason}"
    for name, number, busy in result["load"]["branches"][:FIRST]:
        yield f"  branch {name}: {number:,} new on {busy} days"
    for name, number, most, over, room in [*result["load"]["pools"], *result["load"]["people"]][:FIRST]:
        yield f"  {name}: {number:,} tasks, at most {most} a day, capacity {room}, over it on {over} days"
    for code, both, alike, lost in result["overlap"][:FIRST]:
        yield f"  overlaps with {code}: {both:,} client-days, Jaccard {alike:.2f}, lost to it {lost:.0%}"
