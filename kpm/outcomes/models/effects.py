"""What came of hits, line by line, and what versions were worth."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.org.models import Branch
from clients.shared.rowaccess import RowAccess
from clients.shared.triggers import append_only
from kpm.strategies.models import Hit, StrategyVersion


class Outcome(models.Model):
    """What a client did within the window of a hit, written when the window has closed. Append-only.

    A late fact brings a second line that `corrects` the first; the line that nothing corrects is the one that stands.
    `value` is the goal: TRUE, FALSE, or unknown for the reason given.
    """

    class Reason(models.TextChoices):
        MEASURED = "", _("measured")
        NO_GOAL = "no_goal", _("no goal that both arms can reach")
        WAITS = "waits", _("waits for a source that nothing fills yet")
        CLOSED = "closed", _("account closed within the window")
        UNKNOWN = "unknown", _("a value of the goal is unknown")

    hit = models.ForeignKey(Hit, models.PROTECT, related_name="+")
    corrects = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="corrected_by")
    window_end = models.DateField(_("window ends"))
    value = models.BooleanField(_("goal reached"), null=True)
    metrics = models.JSONField(_("counted"), default=dict)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason, blank=True)
    observed_at = models.DateTimeField(_("observed"))

    row_access = RowAccess(client="hit__client", branch="hit__branch")

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        triggers = append_only()
        constraints = [
            models.UniqueConstraint(fields=["hit"], condition=models.Q(corrects=None), name="outcome_once"),
            models.CheckConstraint(
                condition=models.Q(value=None, reason__gt="") | models.Q(value__isnull=False, reason=""),
                name="outcome_unknown_has_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["window_end"], name="outcome_by_window")]

    def __str__(self) -> str:
        return f"{self.hit_id} {self.value if self.value is not None else self.reason}"


class EffectPlan(models.Model):
    """What was fixed for a version before its first outcome; `base` and `held_share` are shares, `sample` both arms."""

    version = models.OneToOneField(StrategyVersion, models.PROTECT, related_name="+", verbose_name=_("version"))
    mde = models.FloatField(_("smallest difference worth finding"))
    base = models.FloatField(_("rate expected of the held out"))
    held_share = models.FloatField(_("share held out"))
    sample = models.PositiveIntegerField(_("outcomes planned"))
    min_days = models.PositiveSmallIntegerField(_("trading days at least"))
    made_on = models.DateField(_("made"))

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("plan of measuring")
        verbose_name_plural = _("plans of measuring")
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.version} {self.sample}"


class EffectLook(models.Model):
    """A planned look at a version: when `share` of the planned outcomes was there, what the difference was.

    `lower` and `upper` have the limit of this look, `p` is of two sides. Whether it stays among all versions that were
    looked at in the same month is asked when it is read, since the others may still come.
    """

    version = models.ForeignKey(StrategyVersion, models.PROTECT, related_name="+", verbose_name=_("version"))
    share = models.FloatField(_("share of the plan"))
    day = models.DateField(_("day"))
    n = models.PositiveIntegerField(_("outcomes"))
    difference = models.FloatField(_("difference"))
    lower = models.FloatField()
    upper = models.FloatField()
    p = models.FloatField(_("chance of it without an effect"))

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("planned look")
        verbose_name_plural = _("planned looks")
        triggers = append_only()
        constraints = [models.UniqueConstraint(fields=["version", "share"], name="looked_once")]

    def __str__(self) -> str:
        return f"{self.version} {self.share:.0%}"


class EffectSnapshot(models.Model):
    """The effect of a version as of a day, over all branches or in one, of all hits or of those of a month: a line when
    its numbers changed.

    `n` counts clients' hits with a known outcome, `x` those that reached the goal, `missing` those without a known
    outcome; the difference is of rates, treated less held out, with its interval of 95 % for one look. `adjusted` is
    the difference within groups of branch and tier; bounds called `daily` may be looked at every
    night. A part (a branch, a month) has no plan: it is measured or not.
    """

    class State(models.TextChoices):
        NO_GOAL = "no_goal", _("no causal goal")
        WAITS = "waits", _("cannot be measured yet")
        NO_HOLDOUT = "no_holdout", _("nobody is held out")
        UNHEALTHY = "unhealthy", _("unhealthy")
        HARMFUL = "harmful", _("harmful")
        COLLECTING = "collecting", _("collecting")
        DAYS_LEFT = "days_left", _("some days left")
        WORKS = "works", _("works")
        NO_EFFECT = "no_effect", _("no effect")
        REVIEW = "review", pgettext_lazy("of an effect", "to be reviewed")
        MEASURED = "measured", _("measured")

    version = models.ForeignKey(StrategyVersion, models.PROTECT, related_name="+", verbose_name=_("version"))
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, related_name="+", verbose_name=_("branch"))
    month = models.DateField(_("month"), null=True)
    day = models.DateField(_("as of"))
    treated_n = models.PositiveIntegerField()
    treated_x = models.PositiveIntegerField()
    treated_missing = models.PositiveIntegerField()
    held_n = models.PositiveIntegerField()
    held_x = models.PositiveIntegerField()
    held_missing = models.PositiveIntegerField()
    difference = models.FloatField(_("difference"), null=True)
    lower = models.FloatField(null=True)
    upper = models.FloatField(null=True)
    adjusted = models.FloatField(_("difference within groups"), null=True)
    adjusted_lower = models.FloatField(_("lower bound within groups"), null=True)
    adjusted_upper = models.FloatField(_("upper bound within groups"), null=True)
    daily_lower = models.FloatField(_("lower bound for daily looking"), null=True)
    daily_upper = models.FloatField(_("upper bound for daily looking"), null=True)
    days_left = models.PositiveIntegerField(_("trading days left"), null=True)
    faults = models.JSONField(_("what stands against it"), default=list)
    state = models.CharField(_("state"), max_length=10, choices=State)

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("effect")
        verbose_name_plural = _("effects")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "branch", "month", "day"], name="effect_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.day} {self.state}"
