"""Versions that were held back for a person to look at: by a run, or for the harm they do (STRATEGY 8.3 and 9.3)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.shared.rowaccess import RowAccess
from clients.shared.triggers import frozen_once
from kpm.strategies.models.runs import Run
from kpm.strategies.models.strategy import StrategyVersion


class StrategyHold(models.Model):
    """A run found `value` of `what` outside of what is usual or signed, or its effect is harmful, so nothing of the
    version is delivered.

    As long as nobody released it the version is held in every run. With `due_at` it is an alarm: somebody says by then
    that he looks into it, or it is escalated. `what` is a kind of finding, with the feature's name
    after a colon where it is about one.
    """

    class Kind(models.TextChoices):
        BREAKER = "held_breaker", _("Breaker")
        SIGNATURE = "held_signature", _("Signed number")
        EFFECT = "held_effect", _("Harm")

    version = models.ForeignKey(StrategyVersion, models.PROTECT, related_name="holds", verbose_name=_("version"))
    run = models.ForeignKey(Run, models.CASCADE, related_name="holds", verbose_name=_("run"))
    kind = models.CharField(_("kind"), max_length=14, choices=Kind)
    what = models.CharField(_("what was found"), max_length=80)
    value = models.FloatField(_("found"))
    usual = models.FloatField(_("usual"), null=True)
    limit = models.FloatField(_("limit"), null=True)
    held_at = models.DateTimeField(_("held since"))
    due_at = models.DateTimeField(
        _("looked into until"), null=True, help_text=_("Of risk and regulatory hits; else nobody is in a hurry.")
    )
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("looked into by")
    )
    taken_at = models.DateTimeField(_("looked into since"), null=True)
    escalated_at = models.DateTimeField(_("escalated"), null=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("released by")
    )
    released_at = models.DateTimeField(_("released"), null=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("held strategy")
        verbose_name_plural = _("held strategies")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "kind", "what"], condition=models.Q(released_at__isnull=True), name="held_once"
            ),
            models.CheckConstraint(
                condition=models.Q(released_at__isnull=True, released_by__isnull=True)
                | models.Q(released_at__isnull=False, released_by__isnull=False) & ~models.Q(reason=""),
                name="release_has_a_name_and_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(taken_at__isnull=True, taken_by__isnull=True)
                | models.Q(taken_at__isnull=False, taken_by__isnull=False),
                name="looked_into_by_somebody",
            ),
        ]
        triggers = frozen_once("released_at")

    def __str__(self) -> str:
        return f"{self.version} {self.what}"
