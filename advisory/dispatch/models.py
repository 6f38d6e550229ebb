"""Why a task went to this person: every routing decision with its candidates."""

from django.db import models

from advisory.taskqueue.models import Task
from clients.org.models import Staff
from clients.shared.rowaccess import RowAccess


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
