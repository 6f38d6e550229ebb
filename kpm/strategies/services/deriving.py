"""A strategy of its own that says what another says, but for what is given: as success cases become strategies."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from clients.org.models import User
from kpm.strategies.models import Strategy, StrategyVersion
from kpm.strategies.services.approvals import CannotChange
from kpm.strategies.services.editing import drafted, newest_submitted

ALIKE = ("lifecycle", "business", "family")


@transaction.atomic
def draft_like(
    *,
    strategy: Strategy,
    code: str,
    names: tuple[str, str],
    origin: str,
    rationale: str,
    said: Mapping[str, Any],
    by: User,
    now: datetime,
) -> StrategyVersion:
    """This will open a strategy of the company with a draft that is like the newest submitted version of another.

    `names` are its Chinese and English name, `said` the fields of the draft that differ. Raises CannotChange.
    """
    newest = newest_submitted(strategy)
    if newest is None:
        raise CannotChange(
            _("%(code)s has no version that was submitted; choose another strategy.") % {"code": strategy}
        )
    if Strategy.objects.filter(code=code).exists():
        raise CannotChange(_("There is a strategy %(code)s already.") % {"code": code})
    made = Strategy.objects.create(
        code=code, name_zh=names[0], name_en=names[1], origin=origin, rationale=rationale, owner=by.staff.name,
        **{name: getattr(strategy, name) for name in ALIKE},
    )  # fmt: skip
    draft = drafted(made, newest, None, by, now)
    for step in draft.steps.all():
        step.branches.clear()  # the pilot of another strategy is none of this one
    for name, value in said.items():
        setattr(draft, name, value)
    draft.save(update_fields=list(said))
    return draft
