"""Writing a new version of a strategy: draft, submit, launch; pausing and resuming what is live."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from clients.org.models import User
from clients.register.models import PermissionRule
from kpm.engine.check import check
from kpm.engine.goals import check_goal
from kpm.strategies.catalogue_of import catalogue, outcomes
from kpm.strategies.members import EVERYBODY
from kpm.strategies.models import DeliveryOption, Strategy, StrategyVersion
from kpm.strategies.services.approvals import CannotChange, Kind, approval, note
from kpm.strategies.services.compiling import compiled, next_number

# A draft begins with everything that its predecessor said, except for these.
OWN = {"id", "strategy", "number", "parent", "change_note", "author", "submitted_at", "created_at"}


@transaction.atomic
def draft_version(*, strategy: Strategy, by: User, now: datetime) -> StrategyVersion:
    """This will open a draft made from the newest version, `by` its author; one that is open already is given back."""
    strategy = Strategy.objects.select_for_update().get(pk=strategy.pk)
    newest = strategy.versions.order_by("-number").first()
    if newest is None:
        raise CannotChange(_("This strategy has no version yet; load it from a strategy file."))
    if newest.submitted_at is None:
        return newest
    said = {field.name: getattr(newest, field.name) for field in StrategyVersion._meta.concrete_fields}
    draft = StrategyVersion.objects.create(
        strategy=strategy, number=next_number(strategy), parent=newest, author=by,
        **{name: value for name, value in said.items() if name not in OWN},
    )  # fmt: skip
    note(draft, Kind.DRAFTED, by=by, now=now)
    return draft


@transaction.atomic
def save_draft(*, version: StrategyVersion, changed: list[str], by: User, now: datetime) -> None:
    """This will keep the changed fields of a draft; raises CannotChange when it was submitted meanwhile."""
    _open_draft(version)
    if changed:
        version.save(update_fields=changed)
        note(version, Kind.EDITED, by=by, now=now, said=" ".join(changed))


@transaction.atomic
def submit_version(*, version: StrategyVersion, by: User, now: datetime) -> StrategyVersion:
    """This will check a draft and freeze it; raises CannotChange with everything that is wrong."""
    row = _open_draft(version)
    if faults := faults_of_version(row):
        raise CannotChange(" ".join(faults))
    for name, value in compiled(row.condition).items():
        setattr(row, name, value)
    if row.goal:
        row.goal_reason = ""  # of the version before, which had none
    row.submitted_at = now
    row.save()
    note(row, Kind.SUBMITTED, by=by, now=now)
    return row


def _open_draft(version: StrategyVersion) -> StrategyVersion:
    """The row itself, locked."""
    row = StrategyVersion.objects.select_for_update().get(pk=version.pk)
    if row.submitted_at is not None:
        raise CannotChange(_("This version is submitted already; it never changes."))
    return row


@transaction.atomic
def launch_version(*, version: StrategyVersion, by: User, now: datetime) -> Strategy:
    """This will make a submitted version the live one, at the word of somebody who neither wrote nor submitted it."""
    strategy = Strategy.objects.select_for_update().get(pk=version.strategy_id)
    row = StrategyVersion.objects.get(pk=version.pk)
    if row.submitted_at is None:
        raise CannotChange(_("This is a draft; submit it first."))
    kind = approval(row, strategy, by)
    strategy.live_version, strategy.status = row, Strategy.Status.LIVE
    strategy.save(update_fields=["live_version", "status"])
    note(row, kind, by=by, now=now)
    return strategy


@transaction.atomic
def pause(*, strategy: Strategy, by: User, now: datetime) -> None:
    """This will stop a live strategy from matching; what it found already is still delivered."""
    row = Strategy.objects.select_for_update().get(pk=strategy.pk)
    if row.status != Strategy.Status.LIVE or row.live_version is None:
        raise CannotChange(_("Only a live strategy can be paused."))
    _move(row, Strategy.Status.PAUSED)
    note(row.live_version, Kind.PAUSED, by=by, now=now)


@transaction.atomic
def resume(*, strategy: Strategy, by: User, now: datetime) -> None:
    """This will let a paused strategy match again, with the version that was live."""
    row = Strategy.objects.select_for_update().get(pk=strategy.pk)
    if row.status != Strategy.Status.PAUSED or row.live_version is None:
        raise CannotChange(_("Only a paused strategy can be resumed."))
    _move(row, Strategy.Status.LIVE)
    note(row.live_version, Kind.RESUMED, by=by, now=now)


def _move(strategy: Strategy, status: str) -> None:
    strategy.status = status
    strategy.save(update_fields=["status"])


def faults_of_version(version: StrategyVersion) -> list[str]:
    """Return everything that keeps a draft from being submitted, a sentence each."""
    faults = faults_of_text(version.condition)
    if version.population.strip().upper() != EVERYBODY:
        faults += faults_of_text(version.population)
    faults += _faults_of_goal(version) + _faults_of_offer(version)
    offered = set(DeliveryOption.objects.filter(active=True).values_list("kind", "code"))
    if "push" in version.action and ("template", version.template_code) not in offered:
        faults.append(_("A message needs a template that is active."))
    if "task" in version.action and ("playbook", version.playbook_code) not in offered:
        faults.append(_("A task needs a playbook that is published."))
    return faults


def _faults_of_goal(version: StrategyVersion) -> list[str]:
    if not version.goal:
        return [_("Without a goal that both arms can have nobody is held out.")] if version.holdout_pct else []
    return [_(problem.sentence) % problem.values for problem in check_goal(version.goal, outcomes()).problems]


def _faults_of_offer(version: StrategyVersion) -> list[str]:
    """What is offered has exactly one level: of a feature, of its kind, or of the permission's rule."""
    named = [version.product_level_from, version.product_level, version.permission_code]
    if version.suitability_gate and sum(map(bool, named)) != 1:
        return [_("It names a product; say exactly one of the feature with its level, the level, or the permission.")]
    level = version.product_level_from
    if level and not (level in catalogue() and catalogue()[level].unit == "level"):
        return [_("%(name)s is no feature with the level of a product.") % {"name": level}]
    code = version.permission_code
    if code and not PermissionRule.objects.filter(code=code, confirmed_at__isnull=False).exists():
        return [_("There is no rule for the permission %(code)s.") % {"code": code}]
    return []


def faults_of_text(condition: str) -> list[str]:
    """Return what is wrong with a condition, in the language of the page."""
    return [_(problem.sentence) % problem.values for problem in check(condition, catalogue()).problems]
