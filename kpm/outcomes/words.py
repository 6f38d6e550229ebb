"""Effects in words: never a bare percentage, always with counts and interval, and what stands against reading it."""

from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from kpm.outcomes.figures import figures, waiting
from kpm.outcomes.formulas import Arm, Interval, wilson
from kpm.outcomes.goals import goal_of
from kpm.outcomes.models import EffectSnapshot
from kpm.outcomes.processes import Judged, Line
from kpm.outcomes.selectors import Effect
from kpm.strategies.models import StrategyVersion

State = EffectSnapshot.State


def say(effect: Effect) -> str:
    """Say what is known of a version's effect over all branches."""
    return say_snapshot(effect.version, effect.whole)


def say_snapshot(version: StrategyVersion, row: EffectSnapshot | None) -> str:
    """Say one snapshot of a version; None is no closed window yet."""
    goal = goal_of(version.goal, version.process_outcome)
    if goal.condition is None:
        return _("No goal that a client who is not served could reach too, so nobody is held out and nothing compared.")
    if goal.waits:
        return _("Its goal cannot be measured yet. It waits for: %(sources)s.") % {"sources": sources(goal.waits)}
    if row is None:
        return _("No window has closed yet.")
    return SENTENCES[State(row.state)](row)


def judged_instead(found: Judged | None) -> dict[str, Any]:
    """Return what a page says of a strategy of which nobody is held out: process figures, which prove no effect."""
    if found is None:
        return {"lines": []}
    lines = [
        {"branch": str(line.branch.name) if line.branch else _("All branches"), "cells": _cells(line)}
        for line in found.lines
    ]
    return {"since": found.since, "lines": lines}


def _cells(line: Line) -> list[str]:
    both = (line.before, line.after)
    days = ["—" if one.days is None else f"{one.days:.1f}" for one in both]
    return [*(_of(one.precision) for one in both), *days, *(_of(one.goal) for one in both)]


def _of(arm: Arm) -> str:
    return rate(arm) if arm.n else "—"


def sources(names: tuple[str, ...]) -> str:
    """Name what these outcomes wait for, in the language of the page."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    return ", ".join(waiting()[name][language] for name in names)


def _measured(row: EffectSnapshot) -> str:
    said = _(
        "%(treated)s; %(held)s. Difference %(difference)s points, interval %(lower)s to %(upper)s: %(verdict)s."
    ) % {
        "treated": _treated(row),
        "held": _held(row),
        "difference": points(row.difference or 0),
        "lower": points(row.lower or 0),
        "upper": points(row.upper or 0),
        "verdict": _verdict(row),
    }
    return " ".join([said, _("The interval is that of one look, not of looking every day.")])


def _verdict(row: EffectSnapshot) -> str:
    if row.lower is not None and row.lower > 0:
        return _("the treated reach it more often")
    if row.upper is not None and row.upper < 0:
        return _("the treated reach it less often")
    return _("not proven")


def _daily(row: EffectSnapshot) -> str:
    """Both arms, and the difference with the bounds that may be looked at every night."""
    said = {
        "treated": _treated(row), "held": _held(row), "difference": points(row.difference or 0),
        "lower": points(row.daily_lower or 0), "upper": points(row.daily_upper or 0),
    }  # fmt: skip
    return _("%(treated)s; %(held)s. Difference %(difference)s points, daily interval %(lower)s to %(upper)s.") % said


def _left(row: EffectSnapshot) -> str:
    return " ".join([_("About %(days)s trading days left.") % {"days": row.days_left}, _daily(row)])


def _works(row: EffectSnapshot) -> str:
    return " ".join([_("It works: shown at a planned look, beside all others of that month."), _daily(row)])


def _no_effect(row: EffectSnapshot) -> str:
    return " ".join([_("No effect worth finding: shown at a planned look."), _daily(row)])


def _harmful(row: EffectSnapshot) -> str:
    return " ".join([_("Harmful: it is stopped until an approver says otherwise."), _daily(row)])


def _review(row: EffectSnapshot) -> str:
    asked = _("It cannot be proven at this size: hold out more, pool it with its family, or retire it.")
    return " ".join([asked, _daily(row)])


def _collecting(row: EffectSnapshot) -> str:
    values = {"treated": row.treated_n, "held": row.held_n, "least": figures().least_outcomes}
    return _("Collecting: %(treated)s treated and %(held)s held out so far; %(least)s in each arm are needed.") % values


def _unhealthy(row: EffectSnapshot) -> str:
    return _(
        "Unhealthy: %(faults)s (%(treated)s treated, %(held)s held out, %(lost_treated)s and %(lost_held)s missing),"
        " so no difference is shown."
    ) % {
        "faults": "; ".join(str(FAULTS[name]) for name in row.faults) or "—",
        "treated": row.treated_n,
        "held": row.held_n,
        "lost_treated": row.treated_missing,
        "lost_held": row.held_missing,
    }


def _no_holdout(row: EffectSnapshot) -> str:
    return _("Nobody is held out, so this is no effect: %(treated)s.") % {"treated": _treated(row)}


def _plain(row: EffectSnapshot) -> str:
    return str(State(row.state).label)


def _treated(row: EffectSnapshot) -> str:
    return _("treated %(rate)s") % {"rate": rate(Arm(row.treated_n, row.treated_x))}


def _held(row: EffectSnapshot) -> str:
    return _("held out %(rate)s") % {"rate": rate(Arm(row.held_n, row.held_x))}


def rate(arm: Arm) -> str:
    """Write a rate with its counts and interval: 126 of 1,800 (7.0 %, 5.9 to 8.3)."""
    found = wilson(arm)
    counts = _("%(x)s of %(n)s") % {"x": f"{arm.x:,}", "n": f"{arm.n:,}"}
    return counts if found is None else f"{counts} ({_interval(found)})"


def _interval(found: Interval) -> str:
    values = {"rate": f"{found.value:.1%}", "lower": f"{found.lower:.1%}", "upper": f"{found.upper:.1%}"}
    return _("%(rate)s, %(lower)s to %(upper)s") % values


def points(share: float) -> str:
    """Write a difference of shares in points, with its sign: +2.0, −2.1."""
    return f"{share * 100:+.1f}".replace("-", "−")


FAULTS = {
    "sample_ratio": gettext_lazy("the arms differ in size more than chance allows"),
    "missing": gettext_lazy("outcomes are missing in one arm more than in the other"),
    "held_treated": gettext_lazy("clients who were held out were served all the same"),
}
SENTENCES = {
    State.NO_GOAL: _plain,
    State.WAITS: _plain,
    State.NO_HOLDOUT: _no_holdout,
    State.UNHEALTHY: _unhealthy,
    State.COLLECTING: _collecting,
    State.HARMFUL: _harmful,
    State.DAYS_LEFT: _left,
    State.WORKS: _works,
    State.NO_EFFECT: _no_effect,
    State.REVIEW: _review,
    State.MEASURED: _measured,
}
