"""What came of a task, line by line, and everything that happened to it. Append-only: a correction is a new line."""

from django.db import models

from advisory.taskqueue.models.tasks import Task
from clients.org.models import Branch, Staff
from clients.shared.rowaccess import RowAccess
from clients.shared.triggers import append_only


class TaskResult(models.Model):
    """The three answers about one finished task, with the typed answers of its steps."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="results")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    contact = models.CharField(max_length=30)
    response = models.CharField(max_length=30, blank=True)
    verdict = models.CharField(max_length=30, blank=True)
    note = models.TextField(blank=True)
    values = models.JSONField(default=dict)
    fence = models.PositiveIntegerField()
    late = models.BooleanField(default=False)
    at = models.DateTimeField()
    idem_key = models.CharField(max_length=64)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    row_access = RowAccess(client="task__client", branch="branch", worker="staff", work=True)

    class Meta:
        triggers = append_only()
        constraints = [
            models.UniqueConstraint(fields=["task", "staff", "idem_key"], name="result_once"),
        ]

    def __str__(self) -> str:
        return f"{self.contact}/{self.response}/{self.verdict}"


class TaskEvent(models.Model):
    """One change of state, who caused it and why."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="events")
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10)
    by = models.CharField(max_length=60, help_text="A staff number, or a system actor such as strategy:KPM-042")
    at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)

    row_access = RowAccess(client="task__client", branch="task__branch", work=True)

    class Meta:
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.from_state}>{self.to_state}"
