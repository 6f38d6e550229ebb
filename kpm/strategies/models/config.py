"""What administrators set for all strategies: contact rules, capacity, texts and playbooks that may be used."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.register.models import ProposedRule
from clients.shared.rowaccess import RowAccess
from clients.shared.triggers import history
from kpm.strategies.models.strategy import Purpose


@history("ContactRuleHistory")
class ContactRule(ProposedRule):
    """At most `most` contacts of a kind for a purpose within a window; no rule means no limit, zero means none."""

    class Kind(models.TextChoices):
        PUSH = "push", _("Message")
        CALL = "call", _("Call")
        HUMAN = "human", _("Contact by a person")

    class Unit(models.TextChoices):
        DAYS = "day", _("days")
        TRADING_DAYS = "td", _("trading days")

    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    window = models.PositiveSmallIntegerField(_("window"), validators=[MinValueValidator(1)])
    unit = models.CharField(_("unit"), max_length=3, choices=Unit)
    most = models.PositiveSmallIntegerField(_("at most"))

    row_access = RowAccess(configuration=True)

    class Meta(ProposedRule.Meta):
        verbose_name = _("contact rule")
        constraints = [
            *ProposedRule.Meta.constraints,
            models.UniqueConstraint(
                fields=["purpose", "kind", "window", "unit", "effective_from"], name="contact_rule_once"
            ),
            models.CheckConstraint(condition=models.Q(window__gte=1), name="contact_rule_has_days"),
        ]

    def __str__(self) -> str:
        said = (self.get_purpose_display(), self.get_kind_display(), self.most, self.window, self.get_unit_display())
        return "{} {}: {} / {} {}".format(*said)


@history("CapacityBudgetHistory")
class CapacityBudget(models.Model):
    """How many tasks a pool, or a person (`staff:<id>`), can take on a day of work; without a row there is no limit."""

    day = models.DateField(_("day"))
    pool = models.CharField(_("pool"), max_length=60)
    capacity = models.PositiveIntegerField(_("tasks"))
    fixed = models.BooleanField(_("set by hand"), default=False, help_text=_("The night leaves it as it is."))

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("capacity")
        constraints = [models.UniqueConstraint(fields=["day", "pool"], name="capacity_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.pool} {self.capacity}"


class DeliveryOption(models.Model):
    """A playbook or message template that strategies may name; written by the apps that own them."""

    kind = models.CharField(max_length=10)
    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    active = models.BooleanField(default=True)

    row_access = RowAccess(configuration=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="delivery_option_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"
