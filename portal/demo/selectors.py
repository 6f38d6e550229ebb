"""What the demo's pages show: how far the branch is, and one real hit with everything before and after it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from advisory.dispatch import evidence
from advisory.inbox import selectors as inbox
from advisory.taskqueue import selectors as taskqueue
from clients.behaviour import selectors as behaviour
from clients.ledger import selectors as ledger
from clients.market.calendar import calendar
from clients.shared import clock
from kpm.engine.explain import explain
from kpm.engine.units import Language
from kpm.engine.words import say
from kpm.outcomes import selectors as outcomes
from kpm.outcomes import words
from kpm.strategies import naming
from kpm.strategies import selectors as strategies
from kpm.strategies.members import member_of
from portal.demo.life.acting import AGREED
from portal.demo.life.figures import figures
from portal.demo.life.plan import progress

BEFORE, AFTER = timedelta(days=14), timedelta(days=14)  # natural days round the hit that are told
MOST, LOOKED_AT, PLACES = 4, 40, 2


@dataclass(frozen=True)
class Facts:
    """What a client did in a stretch of days: executions, and days on screen."""

    trades: list[Any]
    screen: list[Any]


@dataclass(frozen=True)
class Tale:
    """One hit: the facts before it, why it matched, its way, what came of it."""

    hit: Any
    before: Facts
    values: list[tuple[str, str]]
    leaves: list[tuple[str, bool]]
    path: list[dict[str, Any]]
    message: Any
    task: Any
    result: Any
    after: Facts
    outcome: Any
    open_until: date | None
    effect: str

    @property
    def worker(self) -> Any:
        """Who worked the task, or has it."""
        return self.task and (self.task.last_worker or self.task.assignee)

    @property
    def answers(self) -> list[tuple[str, str]]:
        """The three answers with their names, in the language of the page."""
        return taskqueue.said(self.result) if self.result else []


def branch() -> dict[str, Any]:
    """Return how far the branch is (None before its first start), and on how many last days its mornings are lived."""
    return {"progress": progress(settings.DEMO_DIR), "mornings": int(figures()["mornings"])}


def tale() -> Tale | None:
    """Return a hit of which there is most to tell: first its outcome, then a talk and a message, then what he did."""
    measured = outcomes.measured_hits()
    answered = [measured.filter(pk__in=strategies.answered(word).values("pk")) for word in (AGREED, "")]
    rows = (*answered, measured, strategies.answered(AGREED), strategies.answered())
    hits = {hit.pk: hit for found in rows for hit in found[:LOOKED_AT]}
    return _tale(max(hits.values(), key=_telling)) if hits else None


def _telling(hit: Any) -> tuple[int, ...]:
    """How much there is to tell of a hit, the weightiest first."""
    delivered = clock.shanghai_day(hit.delivered_at)
    spans = ((hit.last_day - BEFORE, hit.last_day), (delivered + timedelta(days=1), delivered + AFTER))
    sides = sum(bool(ledger.trades_between(hit.client_id, first=a, last=b, most=1)) for a, b in spans)
    outcome, task, said = outcomes.outcome_of(hit), taskqueue.task_of_hit(hit.uid), strategies.responses_to(hit)
    closed = outcome is not None and outcome.value is not None
    message = inbox.message_of(hit.pk) is not None
    return closed, bool(task and said), message, AGREED in said, sides, len(hit.evidence)


def _tale(hit: Any) -> Tale:
    task = taskqueue.task_of_hit(hit.uid)
    return Tale(
        hit=hit,
        before=_facts(hit.client_id, hit.last_day - BEFORE, hit.last_day),
        values=evidence.lines(hit.evidence),
        leaves=list(_leaves(hit)),
        path=naming.steps(strategies.path_of(hit)),
        message=inbox.message_of(hit.pk),
        task=task,
        result=task.results.select_related("staff").order_by("-pk").first() if task else None,
        after=_after(hit),
        outcome=outcomes.outcome_of(hit),
        open_until=_window_end(hit),
        effect=_effect(hit),
    )


def _facts(client_id: int, first: date, last: date) -> Facts:
    trades = ledger.trades_between(client_id, first=first, last=last, most=MOST)
    return Facts(trades, behaviour.screen_days(client_id, first=first, last=last)[:MOST])


def _after(hit: Any) -> Facts:
    delivered = clock.shanghai_day(hit.delivered_at)
    return _facts(hit.client_id, delivered + timedelta(days=1), delivered + AFTER)


def _leaves(hit: Any) -> Iterator[tuple[str, bool]]:
    """Each comparison of the condition in words, and whether it was true for this client."""
    language: Language = "en" if (get_language() or "").startswith("en") else "zh"
    condition = member_of(hit.version).condition
    for leaf in explain(condition, hit.evidence).leaves:
        yield say(leaf, condition.features, language, places=PLACES), leaf.truth is True


def _window_end(hit: Any) -> date | None:
    if not hit.version.goal_window:
        return None
    return calendar().shift(clock.shanghai_day(hit.delivered_at), hit.version.goal_window)


def _effect(hit: Any) -> str:
    own = (effect for effect in outcomes.effects_of(hit.strategy) if effect.version.pk == hit.version_id)
    return next((words.say(effect) for effect in own), "")
