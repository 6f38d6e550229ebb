"""Back-tests: what a version would have found on days that are over."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.shared.rowaccess import RowAccess
from kpm.strategies.models.strategy import StrategyVersion


class BackTest(models.Model):
    """One version over a span of trading days, asked for and then made by a worker.

    `said` is what the version said when it was asked for, so that an edited draft is tested as it was; `result` holds
    counts only. `sample` are the hits and their counterparts whose goal is followed up, by surrogate client id, and
    `goal` what came of them; both stay empty for a version without a goal.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("of a back-test", "Waiting")
        RUNNING = "running", pgettext_lazy("of a back-test", "Running")
        DONE = "done", pgettext_lazy("of a back-test", "Done")
        FAILED = "failed", pgettext_lazy("of a back-test", "Failed")

    version = models.ForeignKey(StrategyVersion, models.PROTECT, related_name="backtests", verbose_name=_("version"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked at"))
    from_day = models.DateField(_("from"))
    to_day = models.DateField(_("to"))
    state = models.CharField(
        pgettext_lazy("of a back-test", "state"), max_length=8, choices=State, default=State.WAITING
    )
    step = models.CharField(_("what is being done"), max_length=12, blank=True)
    said = models.JSONField(_("as the version was"), default=dict)
    made_at = models.DateTimeField(_("made at"), null=True)
    input_hash = models.CharField(_("hash of the input"), max_length=64, blank=True)
    result = models.JSONField(pgettext_lazy("of a back-test", "result"), null=True)
    sample = models.JSONField(_("sample"), default=list)
    goal = models.JSONField(_("goal afterwards"), null=True)
    error = models.TextField(_("error"), blank=True)

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("back-test")
        verbose_name_plural = _("back-tests")
        constraints = [
            models.CheckConstraint(condition=models.Q(from_day__lte=models.F("to_day")), name="backtest_has_days")
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.from_day} – {self.to_day}"
