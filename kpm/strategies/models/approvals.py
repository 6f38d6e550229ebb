"""Who signed a version, as what, and which number he signed (STRATEGY 8.3)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.shared.rowaccess import RowAccess
from clients.shared.triggers import append_only
from kpm.strategies.models.runs import Run
from kpm.strategies.models.strategy import Purpose, StrategyVersion


class Approval(models.Model):
    """One person's decision about a submitted version, in one role, with the number and the purpose he saw."""

    class Role(models.TextChoices):
        BUSINESS = "business", pgettext_lazy("who approves", "Business")
        COMPLIANCE = "compliance", _("Compliance")
        SERVICE = "service", _("HQ service operations")

    class Decision(models.TextChoices):
        APPROVE = "approve", pgettext_lazy("decision", "Approved")
        REJECT = "reject", _("Sent back")

    version = models.ForeignKey(StrategyVersion, models.PROTECT, related_name="approvals", verbose_name=_("version"))
    role = models.CharField(_("as"), max_length=12, choices=Role)
    decision = models.CharField(_("decision"), max_length=8, choices=Decision)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose)
    matched = models.PositiveIntegerField(_("clients expected"), null=True)

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        constraints = [
            # Two roles of one person are still one pair of eyes.
            models.UniqueConstraint(fields=["version", "by"], name="approval_once_a_person"),
            models.UniqueConstraint(fields=["version", "role"], name="approval_once_a_role"),
            models.CheckConstraint(
                condition=models.Q(decision="approve") | ~models.Q(comment=""), name="rejection_says_why"
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.version} {self.get_role_display()} {self.get_decision_display()}"


class Signature(models.Model):
    """The band in which the first run of a version may find clients; the newest one counts.

    The first comes from the approvals together (`by` is the last of them). One that names a `run` was given after that
    run found another number.
    """

    version = models.ForeignKey(StrategyVersion, models.PROTECT, related_name="signatures", verbose_name=_("version"))
    matched = models.PositiveIntegerField(_("clients expected"))
    low = models.PositiveIntegerField(_("at least"))
    high = models.PositiveIntegerField(_("at most"))
    branches = models.JSONField(_("clients expected by branch"), default=dict, editable=False)
    run = models.ForeignKey(Run, models.PROTECT, null=True, related_name="+", verbose_name=_("run"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    comment = models.CharField(_("comment"), max_length=500, blank=True)

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("signed number")
        verbose_name_plural = _("signed numbers")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(low__lte=models.F("matched"), high__gte=models.F("matched")),
                name="band_holds_number",
            )
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.version} {self.low}–{self.high}"
