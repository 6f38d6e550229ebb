"""What was expected of a version beside what its last run found and the nights concluded, as a page shows it."""

from typing import Any

from django.db.models import Sum
from django.template.loader import render_to_string

from kpm.strategies import naming, selectors
from kpm.strategies.models import Funnel, RolloutJudgement, Run, Stage, StrategyVersion

NIGHTS = 10  # a page shows so many judgements


def expected_beside_found(version: StrategyVersion) -> str:
    """Return both funnels with the band that was signed; steps up to the caps were expected."""
    expected = version.expected or {}
    run = selectors.last_run_of(version)
    said = {
        "matched": expected.get("matched"),
        "day": expected.get("day"),
        "signed": version.signatures.order_by("-pk").first(),
        "expected": naming.steps(_steps(expected)),
        "found": naming.steps(found_in(run, version)) if run else [],
        "run": naming.run(run) if run else "",
    }
    return render_to_string("admin/strategies/expected.html", said)


def _steps(expected: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**row, "step": Stage(row["step"])} for row in expected.get("funnel", [])]


def found_in(run: Run, version: StrategyVersion) -> list[dict[str, Any]]:
    """Return the funnel of a version in a run, all steps."""
    rows = Funnel.objects.filter(run=run, version=version).values("step", "reason").annotate(n=Sum("n"))
    return selectors.steps_of(rows.order_by("step", "reason"))


def judged_nights(version: StrategyVersion) -> str:
    """Return the newest judgements of a version's steps, each with its reason and figures."""
    rows = RolloutJudgement.objects.filter(step__version=version).select_related("step").order_by("-day", "-pk")
    said = [
        {
            "day": row.day,
            "step": row.step.order,
            "answer": row.get_answer_display(),
            "reason": naming.say(naming.ROLLOUT, row.reason) if row.reason else "",
            "figures": row.figures,
        }
        for row in rows[:NIGHTS]
    ]
    return render_to_string("admin/strategies/judgements.html", {"rows": said})
