"""How a version spreads: the steps of its plan, and what each night concluded of them (STRATEGY 8.4)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.org.models import Branch
from clients.shared.rowaccess import RowAccess
from clients.shared.triggers import append_only
from kpm.strategies.models.strategy import StrategyVersion


class RolloutStep(models.Model):
    """One step of a plan. Without chosen branches `share` of them is drawn when it starts, and kept in `drawn`.

    The first step is the pilot. A step runs in its own branches and in those of the steps before it.
    """

    version = models.ForeignKey(StrategyVersion, models.PROTECT, related_name="steps", verbose_name=_("version"))
    order = models.PositiveSmallIntegerField(pgettext_lazy("of a run", "step"))
    branches = models.ManyToManyField(Branch, blank=True, related_name="+", verbose_name=_("chosen branches"))
    share = models.DecimalField(
        _("share of the branches, percent"), max_digits=5, decimal_places=2, default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("Drawn in matched pairs of size and assets when no branch is chosen; at least two branches."),
    )  # fmt: skip
    min_days = models.PositiveSmallIntegerField(_("trading days at least"))
    min_sample = models.PositiveIntegerField(_("clients served at least"))
    approval = models.BooleanField(_("goes on only by a person"), default=True)
    drawn = models.JSONField(_("branches in which it runs"), default=list, editable=False)
    started_on = models.DateField(_("started"), null=True, editable=False)

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("step of a rollout")
        verbose_name_plural = _("steps of a rollout")
        ordering = ("version_id", "order")
        constraints = [
            models.UniqueConstraint(fields=["version", "order"], name="rollout_step_once"),
            models.CheckConstraint(condition=models.Q(share__range=(0, 100)), name="rollout_share"),
        ]

    def __str__(self) -> str:
        return f"{self.version} #{self.order}"


class RolloutJudgement(models.Model):
    """What a night concluded of a running step; one line a step and day."""

    class Answer(models.TextChoices):
        ADVANCE = "advance", pgettext_lazy("of a rollout", "went on")
        HOLD = "hold", pgettext_lazy("of a rollout", "stays as it is")
        ROLL_BACK = "roll_back", pgettext_lazy("of a rollout", "taken back")
        ASK = "ask", pgettext_lazy("of a rollout", "waits for a person")

    step = models.ForeignKey(RolloutStep, models.PROTECT, related_name="judgements", verbose_name=_("step"))
    day = models.DateField(_("day"))
    answer = models.CharField(_("answer"), max_length=10, choices=Answer)
    reason = models.CharField(_("reason"), max_length=20, blank=True)
    figures = models.JSONField(_("figures"), default=dict)
    at = models.DateTimeField(_("at"))

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("judgement of a step")
        verbose_name_plural = _("judgements of steps")
        constraints = [models.UniqueConstraint(fields=["step", "day"], name="step_judged_once_a_day")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.step} {self.day} {self.answer}"
