"""How often goals are reached after a delivery, written for the arbitration of later runs."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import connection, transaction

from kpm.outcomes.figures import figures
from kpm.outcomes.shrinking import Counts, Prior, main_lines, prior_of_family, prior_of_line
from kpm.strategies.models import GoalRate
from kpm.strategies.scores import scores

Cell = tuple[str, str, int, str]  # family, business line, strategy, segment
# Delivered hits whose window closed up to the day, by family, business line, strategy, and the segment of then.
REACHED = """
SELECT s.family, s.business, s.id, coalesce(h.factors ->> 'segment', ''), count(o.value),
    count(*) FILTER (WHERE o.value)
FROM outcomes_outcome o JOIN strategies_hit h ON h.id = o.hit_id JOIN strategies_strategy s ON s.id = h.strategy_id
WHERE h.delivered_at IS NOT NULL AND o.value IS NOT NULL AND o.window_end <= %s AND o.window_end > %s
    AND NOT EXISTS (SELECT FROM outcomes_outcome c WHERE c.corrects_id = o.id)
GROUP BY 1, 2, 3, 4
"""


@transaction.atomic
def write_goal_rates(*, day: date) -> int:
    """This will write the shrunk goal rates of outcomes up to `day`; how many changed.

    A family leans on its business line, a strategy in a segment of clients on its family.
    """
    cells = _cells(day)
    known = {(row.family, row.strategy_id, row.segment): row for row in GoalRate.objects.all()}
    changed = [
        row
        for row in _rates(cells, day)
        if (before := known.get((row.family, row.strategy_id, row.segment))) is None
        or (before.rate, before.trials) != (row.rate, row.trials)
    ]
    GoalRate.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["family", "strategy", "segment"],
        update_fields=["rate", "trials", "counted_on"],
    )
    return len(changed)


def _cells(day: date) -> dict[Cell, Counts]:
    with connection.cursor() as cursor:
        cursor.execute(REACHED, [day, day - timedelta(days=figures().rate_days)])
        return {(family, line, pk, segment): (n, x) for family, line, pk, segment, n, x in cursor.fetchall()}


def _rates(cells: dict[Cell, Counts], day: date) -> Iterator[GoalRate]:
    counts = _summed(cells)
    for family, prior in _priors(counts, main_lines(counts)).items():
        mine = {cell: count for cell, count in sorted(cells.items()) if cell[0] == family}
        n, x = sum(n for n, _x in mine.values()), sum(x for _n, x in mine.values())
        rate = prior.shrunk(n, x)
        yield GoalRate(family=family, rate=rate, trials=n, counted_on=day)
        yield from _of_strategies(mine, rate, day)


def _of_strategies(cells: dict[Cell, Counts], rate: float, day: date) -> Iterator[GoalRate]:
    """The rates of a family's strategies, segment by segment."""
    known = figures()
    prior = prior_of_family(list(cells.values()), rate=rate, least=known.rate_m_least, most=known.rate_m_most)
    for (family, _line, pk, segment), (n, x) in cells.items():
        shrunk = prior.shrunk(n, x)
        yield GoalRate(family=family, strategy_id=pk, segment=segment, rate=shrunk, trials=n, counted_on=day)


def _summed(cells: dict[Cell, Counts]) -> dict[tuple[str, str], Counts]:
    """Outcomes by family and business line."""
    found: dict[tuple[str, str], Counts] = {}
    for (family, line, _pk, _segment), (n, x) in cells.items():
        before = found.get((family, line), (0, 0))
        found[family, line] = before[0] + n, before[1] + x
    return found


def _priors(counts: dict[tuple[str, str], Counts], lines: dict[str, str]) -> dict[str, Prior]:
    """The prior of each family: that of the business line which most of its outcomes belong to."""
    of_line = {line: _prior([counts[key] for key in counts if key[1] == line]) for line in set(lines.values())}
    return {family: of_line[line] for family, line in sorted(lines.items())}


def _prior(families: list[Counts]) -> Prior:
    known = figures()
    return prior_of_line(families, default=scores().goal_rate, least=known.rate_m_least, most=known.rate_m_most)
