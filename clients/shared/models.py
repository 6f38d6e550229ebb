"""Tables of the ground: versions of live channels and rows of machine work."""

from django.db import models

from clients.shared.rowaccess import RowAccess


class Channel(models.Model):
    """The version of one live channel; a page that shows it asks again when the number grows."""

    name = models.CharField(max_length=120, primary_key=True)
    version = models.BigIntegerField(default=1)

    row_access = RowAccess(configuration=True)

    class Meta:
        db_table = "shared_channel"

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


class Job(models.Model):
    """One piece of machine work. The row is the truth; the broker carries only its id and may lose it."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    name = models.CharField(max_length=120, help_text="Celery task name, e.g. strategies.run_slot")
    argument = models.CharField(max_length=200, blank=True, help_text="The id or key it is about")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    row_access = RowAccess(configuration=True)

    class Meta:
        db_table = "shared_job"
        constraints = [
            # The same work twice in the waiting line is the same work.
            models.UniqueConstraint(
                fields=["name", "argument"], condition=models.Q(state="waiting"), name="job_waits_once"
            ),
        ]
        indexes = [models.Index(fields=["state", "sent_at"], name="job_stale")]

    def __str__(self) -> str:
        return f"{self.name}({self.argument}) {self.state}"
