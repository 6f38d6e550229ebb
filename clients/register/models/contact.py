"""How a client may be reached, what forbids it, and every touch that happened."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.org.models import Branch, Staff
from clients.register.models.clients import Client
from clients.shared.rowaccess import RowAccess
from clients.shared.triggers import append_only


class ContactPreference(models.Model):
    """Whether a channel is welcome, and in which hours."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="preferences")
    channel = models.CharField(_("channel"), max_length=10)
    allowed = models.BooleanField(_("allowed"), default=True)
    hours = models.CharField(_("hours"), max_length=40, blank=True)

    row_access = RowAccess(client="client")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "channel"], name="preference_once")]

    def __str__(self) -> str:
        return f"{self.channel} {'yes' if self.allowed else 'no'}"


class ContactHold(models.Model):
    """A reason not to contact a client until a moment (or without end)."""

    class Kind(models.TextChoices):
        COMPLAINT = "complaint", _("Complaint")
        LEGAL = "legal", _("Legal")
        DECEASED = "deceased", _("Deceased")
        DO_NOT_CONTACT = "dnc", _("Do not contact")

    client = models.ForeignKey(Client, models.PROTECT, related_name="holds")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    row_access = RowAccess(client="client")

    def __str__(self) -> str:
        return f"{self.kind} until {self.until or 'further notice'}"


class Touch(models.Model):
    """One contact with a client on any channel. Caps and the claim guard count these rows. Append-only."""

    class Channel(models.TextChoices):
        PHONE = "phone", _("Phone")
        INBOX = "inbox", _("Inbox")
        APP = "app", _("App")
        SMS = "sms", _("SMS")
        WECHAT = "wechat", _("WeChat")
        VISIT = "visit", _("Visit")
        CHAT = "chat", _("Chat")

    client = models.ForeignKey(Client, models.PROTECT, related_name="touches")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    outbound = models.BooleanField(default=True)
    purpose = models.CharField(_("purpose"), max_length=12)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    provider_ref = models.CharField(max_length=100, unique=True)
    recording_ref = models.CharField(max_length=200, blank=True)
    task_uid = models.UUIDField(null=True)
    reached = models.BooleanField(null=True)
    arrived_at = models.DateTimeField(auto_now_add=True)

    row_access = RowAccess(client="client", branch="branch", worker="staff")

    class Meta:
        triggers = append_only()
        indexes = [models.Index(fields=["client", "-started_at"], name="touch_newest")]

    def __str__(self) -> str:
        return f"{self.channel} {self.started_at:%F %R}"
