"""What a person may see in the studio of clients: counts within his branches, a sample only as he may read names."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb
from django.http import Http404
from django.utils.translation import gettext as _

from clients.org.models import Branch, Role, Staff, User
from clients.org.standing import standing_of
from clients.portrait import selectors as portrait
from clients.shared import clock
from kpm.engine.problem import ConditionError
from kpm.strategies import naming
from kpm.strategies.estimating import estimate
from kpm.strategies.funnels import Uncountable, preview_funnel
from kpm.strategies.models import StrategyVersion
from kpm.strategies.studio import coarse
from kpm.strategies.studio.forms import Typed
from kpm.strategies.studio.leaves import shown_leaves
from kpm.strategies.studio.selectors import sample_of

# Who looks at strategies beside those whom a role lets configure or audit them.
READERS = {Role.ANALYST, Role.SUPERVISOR}
COMPANY = {Role.ADMINISTRATOR, Role.SERVICE_OPS, Role.COMPLIANCE}  # counts of the whole company


@dataclass(frozen=True)
class Looker:
    """Who looks, and within which branch he counts (None: the company)."""

    staff: Staff
    within: Branch | None


def reads(user: User, now: datetime) -> bool:
    """Whether a person of the house may look at strategies today."""
    who = standing_of(user)
    return who is not None and (bool(READERS & who.roles(now)) or user.has_perm("strategies.view_strategyversion"))


def looker(user: User, now: datetime) -> Looker:
    """Return who asks. Raises Http404 for everybody else, so that nothing is told."""
    who = standing_of(user)
    if who is None or not reads(user, now):
        raise Http404
    return Looker(who.staff, None if COMPANY & who.roles(now) else who.staff.branch)


def last_day() -> date | None:
    """Return the newest day with features."""
    return portrait.last_feature_day(clock.shanghai_day(clock.now()))


def leaves(typed: Typed, who: Looker) -> dict[str, Any]:
    """Return the comparisons of a sound condition; without their curves where the day cannot draw them."""
    condition = typed.checked.condition
    if condition is None:
        return {"leaves": []}
    try:
        return {"leaves": shown_leaves(condition, last_day(), who.within)}
    except duckdb.Error:
        return {"leaves": shown_leaves(condition, None, who.within)}


def preview(typed: Typed, who: Looker, user: User, now: datetime) -> dict[str, Any]:
    """Return what a version would do, or why nobody can say."""
    fault = _unsound(typed)
    return {"fault": fault} if fault else preview_of(typed.version, who, user, now)


def preview_of(version: StrategyVersion, who: Looker, user: User, now: datetime) -> dict[str, Any]:
    """Return the same of a version, saved or not."""
    try:
        day = last_day()
        found = preview_funnel(version, day, who.within, now=now) if day else None
    except ConditionError as refused:
        return {"fault": sentences(refused)}
    except Uncountable as refused:
        return {"fault": str(refused)}
    if found is None:
        return {"fault": _("There are no features yet: run the day first.")}
    shown = coarse.preview(found) if coarse.is_coarse(who.within) else found
    return {"found": shown, "steps": naming.steps(shown.steps), "sample": sample_of(user, found.sample, now)}


def estimated(typed: Typed, who: Looker, now: datetime) -> dict[str, Any]:
    """Return the estimate of a sound version; nothing where there is none."""
    day = last_day()
    if day is None or _unsound(typed):
        return {"estimate": None}
    try:
        found = estimate(typed.version, day, who.within, now=now)
    except (ConditionError, Uncountable):
        return {"estimate": None}
    return {"estimate": coarse.estimate(found) if found and coarse.is_coarse(who.within) else found}


def sentences(refused: ConditionError) -> str:
    """Return what is wrong with a condition in the language of the page."""
    return " ".join(_(problem.sentence) % problem.values for problem in refused.problems)


def _unsound(typed: Typed) -> str:
    if typed.checked.condition is None:
        return _("The condition has a fault; nobody can be counted until it is mended.")
    if typed.form.is_bound and "population" in typed.form.errors:
        return " ".join(str(error) for error in typed.form.errors["population"])
    return ""
