"""What a client answered, agreed to and watches."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.market.models import Security
from clients.register.models.clients import Client
from clients.shared.rowaccess import RowAccess
from clients.shared.triggers import append_only


class RiskAssessment(models.Model):
    """One answered questionnaire with its result. Append-only; without a valid row the level is unknown."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="assessments")
    level = models.PositiveSmallIntegerField(_("risk level"), help_text="1 to 5 for C1 to C5")
    lowest = models.BooleanField(_("lowest risk class"), default=False)
    assessed_on = models.DateField(_("assessed on"))
    valid_to = models.DateField(_("valid to"))
    max_horizon_days = models.PositiveIntegerField(null=True)
    intended_kinds = models.JSONField(default=list)
    source = models.CharField(max_length=20, default="import")
    arrived_at = models.DateTimeField(auto_now_add=True)

    row_access = RowAccess(client="client")

    class Meta:
        triggers = append_only()
        constraints = [
            models.UniqueConstraint(
                fields=["client", "assessed_on", "level", "lowest", "valid_to"], name="assessment_once"
            ),
            models.CheckConstraint(condition=models.Q(level__range=(1, 5)), name="assessment_level"),
            models.CheckConstraint(condition=models.Q(valid_to__gte=models.F("assessed_on")), name="assessment_dates"),
        ]

    def __str__(self) -> str:
        return f"C{self.level} until {self.valid_to}"


class Consent(models.Model):
    """One consent given or withdrawn: purpose, text version, moment, channel. Append-only; the newest row counts."""

    class Purpose(models.TextChoices):
        MARKETING = "marketing", _("Marketing messages and calls")
        PERSONALISATION = "personalisation", _("Personalised content")
        BEHAVIOUR = "behaviour", _("Analysis of my behaviour on screen")
        SERVICE_PUSH = "service_push", _("Service messages")
        PRIVACY = "privacy", _("Privacy policy")

    client = models.ForeignKey(Client, models.PROTECT, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    version = models.CharField(_("text version"), max_length=20)
    at = models.DateTimeField(_("at"))
    given = models.BooleanField(_("given"))
    channel = models.CharField(_("channel"), max_length=10)
    arrived_at = models.DateTimeField(auto_now_add=True)

    row_access = RowAccess(client="client")

    class Meta:
        triggers = append_only()
        constraints = [models.UniqueConstraint(fields=["client", "purpose", "version", "at"], name="consent_once")]
        indexes = [models.Index(fields=["client", "purpose", "-at"], name="consent_newest")]

    def __str__(self) -> str:
        return f"{self.purpose} {'given' if self.given else 'withdrawn'} {self.at:%F}"


class WatchlistItem(models.Model):
    """A security that a client watches."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="watchlist")
    security = models.ForeignKey(Security, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    row_access = RowAccess(client="client")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "security"],
                condition=models.Q(removed_at__isnull=True),
                name="watched_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.client_id} watches {self.security_id}"
