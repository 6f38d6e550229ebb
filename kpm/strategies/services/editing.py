"""Writing a new version of a strategy: a draft, its plan, and handing it in for approval."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from clients.org.models import Branch, Role, User
from clients.org.standing import standing_of
from clients.portrait import selectors as portrait
from clients.register.models import PermissionRule
from clients.shared import clock
from kpm.engine.check import check
from kpm.engine.goals import check_goal
from kpm.strategies.buying import sells_as
from kpm.strategies.catalogue_of import catalogue, outcomes
from kpm.strategies.contact import MAY_BE_STOPPED
from kpm.strategies.figures import launch
from kpm.strategies.members import EVERYBODY
from kpm.strategies.models import DeliveryOption, RolloutStep, Strategy, StrategyVersion
from kpm.strategies.services.approvals import CannotChange, Kind, Status, in_review, note, refuse_foreign
from kpm.strategies.services.compiling import compiled, next_number
from kpm.strategies.services.expecting import expected_of

# A draft begins with everything that its predecessor said, except for these.
OWN = {
    "id", "strategy", "number", "parent", "change_note", "author", "submitted_at", "created_at", "expected",
    "emergency",
}  # fmt: skip
OF_A_STEP = ("order", "share", "min_days", "min_sample", "approval")
OF_A_COPY = ("name_zh", "name_en", "lifecycle", "business", "family", "rationale")
MOST_OF_A_CODE = 20


@transaction.atomic
def draft_version(*, strategy: Strategy, by: User, now: datetime) -> StrategyVersion:
    """This will open a draft made from the newest version, `by` its author; one that is open already is given back."""
    strategy = Strategy.objects.select_for_update().get(pk=strategy.pk)
    newest = strategy.versions.order_by("-number").first()
    if newest is None:
        raise CannotChange(_("This strategy has no version yet; load it from a strategy file."))
    refuse_foreign(strategy, by, now)
    if newest.submitted_at is None:
        return newest
    if strategy.status == Status.RETIRED:
        raise CannotChange(_("The strategy is retired; write a new one."))
    return drafted(strategy, newest, newest, by, now)


def drafted(
    strategy: Strategy, source: StrategyVersion, parent: StrategyVersion | None, by: User, now: datetime
) -> StrategyVersion:
    """This will open a draft that says what `source` says, with its plan."""
    said = {field.name: getattr(source, field.name) for field in StrategyVersion._meta.concrete_fields}
    draft = StrategyVersion.objects.create(
        strategy=strategy, number=next_number(strategy), parent=parent, author=by,
        **{name: value for name, value in said.items() if name not in OWN},
    )  # fmt: skip
    for step in source.steps.prefetch_related("branches"):
        copied = RolloutStep.objects.create(version=draft, **{name: getattr(step, name) for name in OF_A_STEP})
        copied.branches.set(step.branches.all())
    _plan(draft)
    note(draft, Kind.DRAFTED, by=by, now=now)
    return draft


def _plan(version: StrategyVersion) -> None:
    """The plan of the house, for a version without one."""
    if not version.steps.exists():
        steps = enumerate(launch().plan, 1)
        RolloutStep.objects.bulk_create(RolloutStep(version=version, order=order, **step) for order, step in steps)


def branches_to_copy_for(*, by: User, now: datetime) -> list[Branch]:
    """Return the branches for which somebody may have strategies of their own: his and those below it, his first."""
    who = standing_of(by)
    if who is None or Role.BRANCH_AUTHOR not in who.roles(now):
        return []
    return list(Branch.objects.filter(path__startswith=who.staff.branch.path).order_by("path"))


@transaction.atomic
def copy_for_branch(*, strategy: Strategy, by: User, now: datetime, branch: Branch | None = None) -> StrategyVersion:
    """This will open a strategy of its own for a branch of `by` (his own unless told otherwise), with a draft that says
    what this one says.
    """
    places, newest = branches_to_copy_for(by=by, now=now), newest_submitted(strategy)
    if not places or newest is None or (branch is not None and branch not in places):
        raise CannotChange(_("An author of a branch copies a strategy for his branch."))
    place = branch or places[0]
    code = f"{strategy.code}-{place.code}"
    if len(code) > MOST_OF_A_CODE or Strategy.objects.filter(code=code).exists():
        raise CannotChange(_("Your branch has a copy already: %(code)s.") % {"code": code})
    copy = Strategy.objects.create(
        code=code, origin=Strategy.Origin.TEMPLATE, steward_branch=place, owner=by.staff.name,
        **{name: getattr(strategy, name) for name in OF_A_COPY},
    )  # fmt: skip
    return drafted(copy, newest, newest, by, now)


def newest_submitted(strategy: Strategy) -> StrategyVersion | None:
    """Return the newest version of a strategy that was submitted."""
    return strategy.versions.filter(submitted_at__isnull=False).order_by("-number").first()


@transaction.atomic
def save_draft(*, version: StrategyVersion, changed: list[str], by: User, now: datetime) -> None:
    """This will keep the changed fields of a draft; raises CannotChange when it was submitted meanwhile."""
    refuse_foreign(_open_draft(version).strategy, by, now)
    if changed:
        version.save(update_fields=changed)
        note(version, Kind.EDITED, by=by, now=now, said=" ".join(changed))


@transaction.atomic
def note_plan(*, version: StrategyVersion, by: User, now: datetime) -> None:
    """This will note that somebody changed the plan of a draft; raises CannotChange when it was submitted meanwhile."""
    refuse_foreign(_open_draft(version).strategy, by, now)
    note(version, Kind.EDITED, by=by, now=now, said="steps")


@transaction.atomic
def submit_version(*, version: StrategyVersion, by: User, now: datetime) -> StrategyVersion:
    """This will check a draft and freeze it with the number that it is expected to find, which its approvers sign.

    Raises CannotChange with everything that is wrong.
    """
    row = _open_draft(version)
    refuse_foreign(row.strategy, by, now)
    if faults := faults_of_version(row):
        raise CannotChange(" ".join(faults))
    for name, value in compiled(row.condition).items():
        setattr(row, name, value)
    if row.goal:
        row.goal_reason = ""  # of the version before, which had none
    _plan(row)
    row.expected = expected_of(row, portrait.last_feature_day(clock.shanghai_day(now)), now=now)
    row.submitted_at = now
    row.save()
    note(row, Kind.SUBMITTED, by=by, now=now)
    in_review(row.strategy)
    return row


def _open_draft(version: StrategyVersion) -> StrategyVersion:
    """The row itself, locked, and its strategy."""
    rows = StrategyVersion.objects.select_for_update(of=("self", "strategy")).select_related("strategy")
    row = rows.get(pk=version.pk)
    if row.submitted_at is not None:
        raise CannotChange(_("This version is submitted already; it never changes."))
    return row


def faults_of_version(version: StrategyVersion) -> list[str]:
    """Return everything that keeps a draft from being submitted, a sentence each."""
    faults = faults_of_text(version.condition)
    if version.population.strip().upper() != EVERYBODY:
        faults += faults_of_text(version.population)
    faults += _faults_of_goal(version) + _faults_of_case(version) + _faults_of_offer(version)
    offered = set(DeliveryOption.objects.filter(active=True).values_list("kind", "code"))
    if "push" in version.action and ("template", version.template_code) not in offered:
        faults.append(_("A message needs a template that is active."))
    if "task" in version.action and ("playbook", version.playbook_code) not in offered:
        faults.append(_("A task needs a playbook that is published."))
    return faults


def _faults_of_goal(version: StrategyVersion) -> list[str]:
    if not version.goal:
        return [_("Without a goal that both arms can have nobody is held out.")] if version.holdout_pct else []
    if not version.holdout_pct and version.purpose in MAY_BE_STOPPED and not version.holdout_reason.strip():
        return [_("It has a goal and holds nobody out; say why not, or hold some out.")]
    if names := sells_as(version.purpose, version.goal):
        return [_("Its goal is a purchase (%(names)s), so its purpose is marketing.") % {"names": ", ".join(names)}]
    return [_(problem.sentence) % problem.values for problem in check_goal(version.goal, outcomes()).problems]


def _faults_of_case(version: StrategyVersion) -> list[str]:
    """What a branch did well shows what its clients looked like, not that it helps: half are held out until it ran."""
    strategy, least = version.strategy, launch().case_holdout
    if strategy.origin != Strategy.Origin.CASE or strategy.live_version_id or version.holdout_pct >= least:
        return []
    return [_("A strategy from a success case begins with %(n)s percent held out.") % {"n": least}]


def _faults_of_offer(version: StrategyVersion) -> list[str]:
    """What is offered has exactly one level: of a feature, of its kind, or of the permission's rule."""
    named = [version.product_level_from, version.product_level, version.permission_code]
    if version.suitability_gate and sum(map(bool, named)) != 1:
        return [_("It names a product; say exactly one of the feature with its level, the level, or the permission.")]
    if not version.suitability_gate and any(named):
        return [_("It names a product or a permission; then it also passes the gate of suitability.")]
    if version.parent is not None and version.parent.suitability_gate and not version.suitability_gate:
        return [_("The version before offers something, so this one passes the gate of suitability too.")]
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
