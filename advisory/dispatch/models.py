"""Why a task went to this person, and the tasks that are promised to follow a message."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from advisory.taskqueue.models import Task
from clients.org.models import Staff
from clients.shared.rowaccess import RowAccess
from kpm.strategies.models import Hit


class RoutingDecision(models.Model):
    """One decision of the router, kept so that it can be explained."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="routing")
    chosen = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    pool = models.CharField(max_length=60, blank=True)
    reasons = models.JSONField(default=list)
    at = models.DateTimeField()

    row_access = RowAccess(client="task__client", branch="task__branch", work=True)

    def __str__(self) -> str:
        return f"{self.task_id} to {self.chosen_id or self.pool}"


class FollowUp(models.Model):
    """A task that follows a message (push_then_task) at `due_at`, unless something speaks against it by then."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        MADE = "made", _("Task made")
        NEED_GONE = "need_gone", _("No longer needed")
        MET = "met", _("Goal reached already")
        STOPPED = "stopped", _("Stopped")

    hit = models.OneToOneField(Hit, models.PROTECT, related_name="+")
    due_at = models.DateTimeField(_("due"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    reason = models.CharField(_("reason"), max_length=30, blank=True)
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="+", verbose_name=_("task"))
    ended_at = models.DateTimeField(null=True)

    row_access = RowAccess(client="hit__client", branch="hit__branch")

    class Meta:
        verbose_name = _("task after a message")
        verbose_name_plural = _("tasks after messages")
        indexes = [models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="follow_up_due")]

    def __str__(self) -> str:
        return f"{self.hit_id} {self.state}"
