"""Writing a new version of a strategy: draft, submit, launch; pausing and resuming what is live."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from clients.org.models import User
from kpm.engine.check import check
from kpm.strategies.catalogue_of import catalogue
from kpm.strategies.members import EVERYBODY
from kpm.strategies.models import DeliveryOption, Strategy, StrategyVersion
from kpm.strategies.services.compiling import compiled, next_number

# A draft begins with everything that its predecessor said, except for these.
OWN = {"id", "strategy", "number", "parent", "change_note", "author", "submitted_at", "created_at"}


class CannotChange(Exception):
    """The step is not possible now; its text says why and what would be right, for the person who asked."""


@transaction.atomic
def draft_version(*, strategy: Strategy, by: User) -> StrategyVersion:
    """This will open a draft made from the newest version, `by` its author; one that is open already is given back."""
    strategy = Strategy.objects.select_for_update().get(pk=strategy.pk)
    newest = strategy.versions.order_by("-number").first()
    if newest is None:
        raise CannotChange(_("This strategy has no version yet; load it from a strategy file."))
    if newest.submitted_at is None:
        return newest
    said = {field.name: getattr(newest, field.name) for field in StrategyVersion._meta.concrete_fields}
    return StrategyVersion.objects.create(
        strategy=strategy, number=next_number(strategy), parent=newest, author=by,
        **{name: value for name, value in said.items() if name not in OWN},
    )  # fmt: skip


@transaction.atomic
def submit_version(*, version: StrategyVersion, by: User, now: datetime) -> StrategyVersion:
    """This will check a draft and freeze it; raises CannotChange with everything that is wrong."""
    row = StrategyVersion.objects.select_for_update().get(pk=version.pk)
    if row.submitted_at is not None:
        raise CannotChange(_("This version is submitted already; it never changes."))
    if faults := faults_of_version(row):
        raise CannotChange(" ".join(faults))
    for name, value in compiled(row.condition).items():
        setattr(row, name, value)
    row.author, row.submitted_at = by, now
    row.save()
    return row


@transaction.atomic
def launch_version(*, version: StrategyVersion, by: User) -> Strategy:
    """This will make a submitted version the live one, at the word of somebody else than its author."""
    strategy = Strategy.objects.select_for_update().get(pk=version.strategy_id)
    row = StrategyVersion.objects.get(pk=version.pk)
    if row.submitted_at is None:
        raise CannotChange(_("This is a draft; submit it first."))
    if row.author_id == by.pk:
        raise CannotChange(_("The author does not approve his own version; ask a colleague."))
    strategy.live_version, strategy.status = row, Strategy.Status.LIVE
    strategy.save(update_fields=["live_version", "status"])
    return strategy


@transaction.atomic
def pause(*, strategy: Strategy) -> None:
    """This will stop a live strategy from matching; what it found already is still delivered."""
    if not Strategy.objects.filter(pk=strategy.pk, status=Strategy.Status.LIVE).update(status=Strategy.Status.PAUSED):
        raise CannotChange(_("Only a live strategy can be paused."))


@transaction.atomic
def resume(*, strategy: Strategy) -> None:
    """This will let a paused strategy match again, with the version that was live."""
    paused = Strategy.objects.filter(pk=strategy.pk, status=Strategy.Status.PAUSED, live_version__isnull=False)
    if not paused.update(status=Strategy.Status.LIVE):
        raise CannotChange(_("Only a paused strategy can be resumed."))


def faults_of_version(version: StrategyVersion) -> list[str]:
    """Return everything that keeps a draft from being submitted, a sentence each."""
    faults = faults_of_text(version.condition)
    if version.population.strip().upper() != EVERYBODY:
        faults += faults_of_text(version.population)
    if version.suitability_gate and not version.product_level_from:
        faults.append(_("It names a product; say which feature holds the product's level."))
    offered = set(DeliveryOption.objects.filter(active=True).values_list("kind", "code"))
    if "push" in version.action and ("template", version.template_code) not in offered:
        faults.append(_("A message needs a template that is active."))
    if "task" in version.action and ("playbook", version.playbook_code) not in offered:
        faults.append(_("A task needs a playbook that is published."))
    return faults


def faults_of_text(condition: str) -> list[str]:
    """Return what is wrong with a condition, in the language of the page."""
    return [_(problem.sentence) % problem.values for problem in check(condition, catalogue()).problems]
