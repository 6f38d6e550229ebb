"""Success cases: what a branch did well and with whom, what was looked for in it, and what was made of it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.org.models import Branch
from clients.register.models import Client
from clients.shared.rowaccess import RowAccess
from clients.shared.triggers import append_only
from kpm.strategies.models import Strategy


class SuccessCase(models.Model):
    """A practice of a branch as somebody wrote it down. What it says stays; only what became of it is added.

    `done` has a step a line. `origin` is the strategy whose hits were worked on, if any; `made` the strategy that was
    drafted from the case, which its branch is credited with.
    """

    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+", verbose_name=_("branch"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by"))
    title = models.CharField(_("title"), max_length=60)
    situation = models.TextField(_("situation"))
    done = models.TextField(_("what was done"))
    result = models.TextField(_("result"))
    origin = models.ForeignKey(
        Strategy, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("strategy worked on")
    )
    made = models.OneToOneField(
        Strategy, models.PROTECT, null=True, related_name="case", verbose_name=_("strategy made of it")
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(_("drafted"), null=True)
    written_at = models.DateTimeField(_("written"))

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("success case")
        verbose_name_plural = _("success cases")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.title

    @property
    def steps(self) -> list[str]:
        """What was done, a step each."""
        return [line.strip() for line in self.done.splitlines() if line.strip()]


class CaseClient(models.Model):
    """A client of a case and the day on which he was served. Append-only."""

    case = models.ForeignKey(SuccessCase, models.PROTECT, related_name="clients", verbose_name=_("success case"))
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", verbose_name=_("client"))
    served_on = models.DateField(_("served on"))

    row_access = RowAccess(client="client")

    class Meta:
        verbose_name = _("client of a success case")
        verbose_name_plural = _("clients of success cases")
        triggers = append_only()
        constraints = [models.UniqueConstraint(fields=["case", "client"], name="client_of_a_case_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.client_id}"


class CaseSearch(models.Model):
    """One search for what the clients of a case have in common that comparable others have not.

    `served` and `compared` are clients whose facts of the day before the service are known; `rules` are kept as found,
    each with its text, its counts on the half that did not choose it, and its stability.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("of a search", "waiting")
        FOUND = "found", _("rules found")
        NO_RULE = "no_rule", _("no stable rule")
        TOO_FEW = "too_few", _("too few for a rule")
        FAILED = "failed", pgettext_lazy("of a search", "failed")

    case = models.ForeignKey(SuccessCase, models.PROTECT, related_name="searches", verbose_name=_("success case"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    done_at = models.DateTimeField(_("done"), null=True)
    served = models.PositiveIntegerField(_("clients of the case"), default=0)
    compared = models.PositiveIntegerField(_("comparable clients"), default=0)
    rules = models.JSONField(_("rules"), default=list)
    error = models.CharField(_("why not"), max_length=300, blank=True)

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("search in a success case")
        verbose_name_plural = _("searches in success cases")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"
