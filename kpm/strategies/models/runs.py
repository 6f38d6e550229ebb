"""Runs of the day and their funnel. A run publishes only when its funnel sums to zero difference."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.org.models import Branch
from clients.shared.rowaccess import RowAccess
from kpm.strategies.models.strategy import StrategyVersion

AFTER_SETTLEMENT, PRE_OPEN, DAILY = "after_settlement", "pre_open_0830", "daily_0900"
EVENT, IN_SESSION = "event", "intraday"
# Slots that look only at clients of whom something new arrived; the others look at everybody.
WITHIN_THE_DAY = (EVENT, IN_SESSION)
# Slots that look at everybody in the morning, on the features of the night with some groups computed anew.
MORNING = (PRE_OPEN, DAILY)
# Slots whose features lie beside those of the night, and whose work is done on the day itself.
OF_TODAY = (*WITHIN_THE_DAY, *MORNING)


class Run(models.Model):
    """One pass of one slot over the client base. `cutoff`: rows that arrived later are not seen."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        PUBLISHED = "published", _("Published")
        FAILED = "failed", _("Failed")
        SUPERSEDED = "superseded", _("Superseded")

    day = models.DateField(_("day"))
    slot = models.CharField(_("slot"), max_length=20)
    attempt = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.RUNNING)
    input_hash = models.CharField(max_length=64, blank=True)
    catalogue_version = models.CharField(max_length=64, blank=True)
    cutoff = models.DateTimeField()
    started_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        constraints = [
            models.UniqueConstraint(fields=["day", "slot", "attempt"], name="run_once"),
            models.UniqueConstraint(
                fields=["day", "slot"],
                condition=models.Q(state="published") & ~models.Q(slot__in=WITHIN_THE_DAY),
                name="one_published_run",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.slot} #{self.attempt}"


class RunStep(models.Model):
    """One step of a run: rows in and out, what stopped the others, what it cost.

    CPU is that of the process that ran it, not of the database's. `error` names versions that could not be judged.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="steps")
    step = models.CharField(max_length=30)
    rows_in = models.BigIntegerField(_("rows in"), null=True)
    rows_out = models.BigIntegerField(_("rows out"), default=0)
    reasons = models.JSONField(_("stopped"), default=dict)
    cpu_ms = models.PositiveIntegerField(_("processor time, ms"), default=0)
    wall_ms = models.PositiveIntegerField(_("time, ms"), default=0)
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    row_access = RowAccess(configuration=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "step"], name="run_step_once")]

    def __str__(self) -> str:
        return self.step


class Funnel(models.Model):
    """How many (strategy, client) pairs reached a stage, or stopped at it for a reason, by branch. Exact counts."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="funnel")
    version = models.ForeignKey(StrategyVersion, models.PROTECT, related_name="+")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    step = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=30, blank=True, help_text="Empty: reached; else why they stopped here")
    n = models.BigIntegerField()

    row_access = RowAccess(branch="branch")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "version", "branch", "step", "reason"], name="funnel_once")
        ]
        indexes = [
            models.Index(fields=["run"], condition=models.Q(step=10, reason="waiting"), name="funnel_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.reason} {self.n}"
