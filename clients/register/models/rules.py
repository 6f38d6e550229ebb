"""Dated rules that the register, the engine and the counter read: what compliance sets, never constants in code."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.org.models import Role
from clients.register.models.proposed import ProposedRule
from clients.shared.rowaccess import RowAccess
from clients.shared.triggers import history


@history("SuitabilityRuleHistory")
class SuitabilityRule(ProposedRule):
    """One cell of the matrix of DOMAIN 3.3: a client class against a product level, from a day to a day."""

    class ClientClass(models.TextChoices):
        LOWEST = "lowest", _("C1, least able to bear risk")
        C1 = "C1", "C1"
        C2 = "C2", "C2"
        C3 = "C3", "C3"
        C4 = "C4", "C4"
        C5 = "C5", "C5"
        PROFESSIONAL = "professional", _("Professional investor")
        UNKNOWN = "unknown", _("No valid assessment")

    class Outcome(models.TextChoices):
        MATCH = "match", _("Match")
        WARN = "warn", _("Mismatch, only at the client's own request")
        BLOCK = "block", _("Blocked")

    client_class = models.CharField(_("client class"), max_length=12, choices=ClientClass)
    product_level = models.PositiveSmallIntegerField(_("product risk level"))
    outcome = models.CharField(_("outcome"), max_length=5, choices=Outcome)

    row_access = RowAccess(configuration=True)

    class Meta(ProposedRule.Meta):
        verbose_name = _("suitability rule")
        constraints = [
            *ProposedRule.Meta.constraints,
            models.UniqueConstraint(
                fields=["client_class", "product_level", "effective_from"], name="suitability_rule_once"
            ),
            models.CheckConstraint(condition=models.Q(product_level__range=(1, 5)), name="suitability_rule_level"),
        ]

    def __str__(self) -> str:
        return f"{self.get_client_class_display()}/R{self.product_level}: {self.get_outcome_display()}"


@history("PermissionRuleHistory")
class PermissionRule(ProposedRule):
    """What a trading permission asks for (DOMAIN 2.2), from a day to a day."""

    class Mismatch(models.TextChoices):
        BLOCK = "block", _("Block")
        WARN = "warn", _("Warn")

    code = models.CharField(_("permission"), max_length=20)
    min_assets = models.DecimalField(_("least average assets"), max_digits=20, decimal_places=2, null=True, blank=True)
    window_td = models.PositiveSmallIntegerField(_("window in trading days"), default=20)
    min_months = models.PositiveSmallIntegerField(_("months of experience"), null=True, blank=True)
    min_level = models.PositiveSmallIntegerField(_("least risk level"), null=True, blank=True)
    paper = models.BooleanField(_("knowledge test"), default=False)
    agreements = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    exempt_if = models.CharField(_("exempt with permission"), max_length=20, blank=True)
    on_mismatch = models.CharField(max_length=5, choices=Mismatch, default=Mismatch.BLOCK)
    note = models.CharField(max_length=200, blank=True)

    row_access = RowAccess(configuration=True)

    class Meta(ProposedRule.Meta):
        verbose_name = _("permission rule")
        constraints = [
            *ProposedRule.Meta.constraints,
            models.UniqueConstraint(fields=["code", "effective_from"], name="permission_rule_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} from {self.effective_from}"


@history("RevealRuleHistory")
class RevealRule(ProposedRule):
    """How many hidden particulars of clients a person of a role may have shown in one day; without a rule none."""

    role = models.CharField(_("role"), max_length=20, choices=Role)
    a_day = models.PositiveSmallIntegerField(_("a day"))

    row_access = RowAccess(configuration=True)

    class Meta(ProposedRule.Meta):
        verbose_name = _("limit of shown particulars")
        verbose_name_plural = _("limits of shown particulars")
        constraints = [
            *ProposedRule.Meta.constraints,
            models.UniqueConstraint(fields=["role", "effective_from"], name="reveal_rule_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.a_day}"
