"""How often the goals of a family are reached after a delivery, written for the arbitration of later runs."""

from datetime import date, timedelta

from django.db import connection, transaction

from kpm.outcomes.figures import figures
from kpm.outcomes.shrinking import Counts, Prior, main_lines, prior_of_line
from kpm.strategies.models import GoalRate
from kpm.strategies.scores import scores

# Delivered hits whose window closed up to the day, by family and business line.
REACHED = """
SELECT s.family, s.business, count(o.value), count(*) FILTER (WHERE o.value)
FROM outcomes_outcome o JOIN strategies_hit h ON h.id = o.hit_id JOIN strategies_strategy s ON s.id = h.strategy_id
WHERE h.delivered_at IS NOT NULL AND o.value IS NOT NULL AND o.window_end <= %s AND o.window_end > %s
    AND NOT EXISTS (SELECT FROM outcomes_outcome c WHERE c.corrects_id = o.id)
GROUP BY 1, 2
"""


@transaction.atomic
def write_goal_rates(*, day: date) -> int:
    """This will write the shrunk goal rate of every family with outcomes up to `day`; how many changed."""
    counts = _counts(day)
    lines = main_lines(counts)
    known = {row.family: row for row in GoalRate.objects.all()}
    changed = []
    for family, prior in _priors(counts, lines).items():
        n, x = _total(counts, family)
        row = GoalRate(family=family, rate=prior.shrunk(n, x), trials=n, counted_on=day)
        before = known.get(family)
        if before is None or (before.rate, before.trials) != (row.rate, row.trials):
            changed.append(row)
    GoalRate.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["family"], update_fields=["rate", "trials", "counted_on"]
    )
    return len(changed)


def _counts(day: date) -> dict[tuple[str, str], Counts]:
    with connection.cursor() as cursor:
        cursor.execute(REACHED, [day, day - timedelta(days=figures().rate_days)])
        return {(family, line): (n, x) for family, line, n, x in cursor.fetchall()}


def _total(counts: dict[tuple[str, str], Counts], family: str) -> Counts:
    own = [count for (name, _line), count in counts.items() if name == family]
    return sum(n for n, _x in own), sum(x for _n, x in own)


def _priors(counts: dict[tuple[str, str], Counts], lines: dict[str, str]) -> dict[str, Prior]:
    """The prior of each family: that of the business line which most of its outcomes belong to."""
    of_line = {line: _prior([counts[key] for key in counts if key[1] == line]) for line in set(lines.values())}
    return {family: of_line[line] for family, line in sorted(lines.items())}


def _prior(families: list[Counts]) -> Prior:
    known = figures()
    return prior_of_line(families, default=scores().goal_rate, least=known.rate_m_least, most=known.rate_m_most)
