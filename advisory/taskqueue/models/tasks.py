"""A task: one piece of service work for a person. Claims and leases are kept by the database (DESK 2.1, 5)."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from advisory.taskqueue.edges import guard
from advisory.taskqueue.models.playbooks import PlaybookVersion
from clients.org.models import Branch, Staff
from clients.register.models import Client
from clients.shared.rowaccess import RowAccess


class Task(models.Model):
    """A task, reminder or callback. `state` is written by `services.transitions` only."""

    class Kind(models.TextChoices):
        TASK = "task", _("Task")
        REMINDER = "reminder", _("Reminder")
        CALLBACK = "callback", _("Callback")
        MANUAL = "manual", _("Manual")

    class State(models.TextChoices):
        HELD = "held", _("Held")
        OPEN = "open", _("Open")
        WORKING = "working", _("In work")
        SNOOZED = "snoozed", _("Snoozed")
        REVIEW = "review", _("In review")
        DONE = "done", _("Done")
        SKIPPED = "skipped", _("Skipped")
        EXPIRED = "expired", _("Expired")
        CANCELLED = "cancelled", _("Cancelled")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    strategy_code = models.CharField(max_length=20)
    strategy_version = models.PositiveIntegerField(default=1)
    strategy_name_zh = models.CharField(max_length=60, blank=True)
    strategy_name_en = models.CharField(max_length=120, blank=True)
    hit_uid = models.UUIDField(null=True, db_index=True)
    occurrence = models.CharField(max_length=120)
    playbook_version = models.ForeignKey(PlaybookVersion, models.PROTECT, null=True, related_name="+")
    purpose = models.CharField(_("purpose"), max_length=12)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    assignee = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    pool = models.CharField(_("pool"), max_length=60, blank=True)
    worker = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    last_worker = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    slot = models.PositiveSmallIntegerField(null=True)
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)
    why = models.CharField(max_length=300, blank=True, help_text="The evidence line, numbers first")
    why_en = models.CharField(max_length=400, blank=True)
    evidence = models.JSONField(default=dict)
    evidence_asof = models.DateField(null=True)
    rank = models.FloatField(default=0)
    respond_by = models.DateTimeField(null=True)
    due_at = models.DateTimeField(_("due"), null=True)
    escalate_at = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    snooze_until = models.DateTimeField(null=True)
    snooze_kind = models.CharField(max_length=8, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    seen_at = models.DateTimeField(null=True, help_text="When a reminder was first opened")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    close_code = models.CharField(max_length=30, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    row_access = RowAccess(
        client="client", branch="branch", assignee="assignee", worker="worker", pool="pool", work=True
    )

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        triggers = [
            pgtrigger.Trigger(
                name="state_by_transition_only", when=pgtrigger.Before, operation=pgtrigger.Update, func=guard()
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["strategy_code", "client", "occurrence"], name="task_once"),
            models.UniqueConstraint(fields=["client"], condition=Q(state="working"), name="one_worker_per_client"),
            models.UniqueConstraint(fields=["worker", "slot"], condition=Q(state="working"), name="one_load_per_slot"),
            models.CheckConstraint(
                condition=~Q(state="working") | Q(worker__isnull=False, slot__isnull=False, lease_until__isnull=False),
                name="working_has_a_worker",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "skipped", "expired", "cancelled"]) | ~Q(close_code=""),
                name="closed_has_a_code",
            ),
        ]
        indexes = [
            models.Index(fields=["pool", "-rank", "id"], condition=Q(state="open"), name="task_pool"),
            models.Index(
                fields=["assignee", "-rank", "id"],
                condition=Q(state__in=["open", "working", "snoozed", "review"]),
                name="task_mine",
            ),
            models.Index(fields=["lease_until"], condition=Q(state="working"), name="task_lease"),
            models.Index(fields=["client", "-id"], name="task_of_client"),
        ]

    def __str__(self) -> str:
        return f"{self.strategy_code} {self.uid}"
