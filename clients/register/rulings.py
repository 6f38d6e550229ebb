"""Changing a dated rule in four eyes: propose, confirm, withdraw. What was confirmed never changes."""

from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from clients.org.models import Role, User
from clients.org.standing import holds
from clients.register.models import ProposedRule
from clients.shared import clock

Rule = TypeVar("Rule", bound=ProposedRule)


class RuleRefused(Exception):
    """The step is not possible; its text says why and what would be right, for the person who asked."""


@transaction.atomic
def propose_rule(*, rule: Rule, by: User, now: datetime) -> Rule:
    """This will keep a new row as a proposal; raises RuleRefused when its first day is not to come."""
    if refused := too_early(rule, now):
        raise RuleRefused(refused)
    rule.proposed_by, rule.confirmed_by, rule.confirmed_at = by, None, None
    rule.save(force_insert=True)
    return rule


@transaction.atomic
def confirm_rule(*, rule: Rule, by: User, now: datetime) -> Rule:
    """This will let a proposal take effect from its first day, at the word of compliance and not of its author."""
    row = _waiting(rule)
    if not may_confirm(row, by, now):
        raise RuleRefused(_("Somebody of compliance who did not propose the rule confirms it."))
    if refused := too_early(row, now):
        raise RuleRefused(refused)
    row.confirmed_by, row.confirmed_at = by, now
    row.save(update_fields=["confirmed_by", "confirmed_at"])
    return row


@transaction.atomic
def withdraw_rule(*, rule: ProposedRule, by: User, now: datetime) -> None:
    """This will remove a proposal, at the word of its author or of compliance; its history remains."""
    row = _waiting(rule)
    if row.proposed_by_id != by.pk and not holds(by, Role.COMPLIANCE, now):
        raise RuleRefused(_("A proposal is withdrawn by its author or refused by compliance."))
    type(row)._default_manager.filter(pk=row.pk).delete()


def may_confirm(rule: ProposedRule, by: User, now: datetime) -> bool:
    """Whether this person may put a second name under a proposal."""
    return rule.proposed_by_id not in (None, by.pk) and holds(by, Role.COMPLIANCE, now)


def too_early(rule: ProposedRule, now: datetime) -> str:
    """Return what is wrong with the first day, empty when nothing: a rule never reaches back to what was decided."""
    today = clock.shanghai_day(now)
    if rule.effective_from is None or rule.effective_from > today:
        return ""
    return _("The rule begins on %(first)s; it must begin after today, %(today)s.") % {
        "first": rule.effective_from, "today": today,
    }  # fmt: skip


def _waiting(rule: Rule) -> Rule:
    """The row itself, locked, while nobody has confirmed it."""
    row = type(rule)._default_manager.select_for_update().filter(pk=rule.pk).first()
    if row is None or row.confirmed_at is not None:
        raise RuleRefused(_("Only a proposal that waits can be confirmed or withdrawn; propose a new rule."))
    return row  # type: ignore[return-value]
