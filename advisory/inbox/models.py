"""Messages to clients and what became of them on each channel."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.org.models import Branch
from clients.register.models import Client
from clients.shared.rowaccess import RowAccess
from clients.shared.triggers import history
from kpm.strategies.models import Hit

UNSIGNED = Q(author__isnull=True, published_by__isnull=True)
WAITING = Q(author__isnull=False, published_by__isnull=True, published_at__isnull=True)
SIGNED = Q(author__isnull=False, published_by__isnull=False, published_at__isnull=False)
BY_TWO = ~Q(author=F("published_by"))
# Everything but `active`, as columns.
SAID = (
    "code", "version", "title", "body", "title_en", "body_en", "author_id", "written_at", "published_by_id",
    "published_at",
)  # fmt: skip
BEFORE, AFTER = (", ".join(f"{row}.{name}" for name in SAID) for row in ("OLD", "NEW"))
PUBLISHED_CHANGES = f"OLD.published_at IS NOT NULL AND ({BEFORE}) IS DISTINCT FROM ({AFTER})"


@history("MessageTemplateHistory")
class MessageTemplate(models.Model):
    """The text of a message, with {feature} places; one row per code and version.

    Clients read only what is active, and active is only what compliance has published. Texts that came with the
    strategy library bear no name.
    """

    code = models.CharField(_("code"), max_length=40)
    version = models.PositiveIntegerField(_("version"), default=1)
    title = models.CharField(_("title"), max_length=100)
    body = models.TextField(_("text"))
    title_en = models.CharField(_("English title"), max_length=150, blank=True)
    body_en = models.TextField(_("English text"), blank=True)
    active = models.BooleanField(_("active"), default=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("author")
    )
    written_at = models.DateTimeField(_("written"), null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("published by"),
    )
    published_at = models.DateTimeField(_("published"), null=True, editable=False)

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("message template")
        verbose_name_plural = _("message templates")
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="message_template_once"),
            models.CheckConstraint(condition=UNSIGNED | WAITING | SIGNED & BY_TWO, name="message_template_by_two"),
            models.CheckConstraint(
                condition=Q(active=False) | Q(published_at__isnull=False), name="message_template_active_is_published"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_text_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(PUBLISHED_CHANGES),
            ),
            pgtrigger.Protect(
                name="published_text_is_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class Message(models.Model):
    """One message in a client's inbox. `why` is the evidence line that answers "why do I see this"."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    hit = models.OneToOneField(Hit, models.PROTECT, null=True, related_name="+")
    strategy_code = models.CharField(max_length=20, blank=True)
    purpose = models.CharField(_("purpose"), max_length=12)
    title = models.CharField(_("title"), max_length=150)
    body = models.TextField(_("text"))
    why = models.CharField(max_length=300, blank=True)
    why_en = models.CharField(max_length=400, blank=True)
    evidence = models.JSONField(default=dict)
    data_day = models.DateField(null=True)
    created_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    row_access = RowAccess(client="client", branch="branch")

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(fields=["client", "-created_at"], name="message_newest"),
            models.Index(fields=["client"], condition=models.Q(read_at__isnull=True), name="message_unread"),
        ]

    def __str__(self) -> str:
        return self.title


class Delivery(models.Model):
    """One message on one channel: when it left, arrived, was read, or why it failed."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    row_access = RowAccess(client="message__client", branch="message__branch")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "channel"], name="delivery_once")]

    def __str__(self) -> str:
        return f"{self.channel} {self.sent_at}"
