"""The one switch: what the house stops serving at once, and who let it go on (append-only)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.org.models import Branch
from clients.shared.rowaccess import RowAccess
from clients.shared.triggers import append_only


class ServiceStop(models.Model):
    """From `from_at` on nothing of these purposes is delivered or taken up in its scope, until it is lifted."""

    class Scope(models.TextChoices):
        COMPANY = "company", _("the whole company")
        BRANCH = "branch", _("a branch and those below it")
        PRODUCT = "product", _("a product")
        SECURITY = "security", _("a security")

    class Purposes(models.TextChoices):
        MARKETING = "marketing", _("Marketing")
        BOTH = "both", _("Marketing and service")

    scope = models.CharField(_("scope"), max_length=10, choices=Scope)
    branch = models.ForeignKey(
        Branch, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("branch")
    )
    code = models.CharField(
        _("product or security"), max_length=40, blank=True, help_text=_("As 600519.SH; a product as TA.code.")
    )
    purposes = models.CharField(_("what is stopped"), max_length=10, choices=Purposes, default=Purposes.MARKETING)
    from_at = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("set by"))
    set_at = models.DateTimeField(_("set"))

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("stop of service")
        verbose_name_plural = _("stops of service")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scope="company", branch__isnull=True, code="")
                | models.Q(scope="branch", branch__isnull=False, code="")
                | models.Q(scope__in=["product", "security"], branch__isnull=True) & ~models.Q(code=""),
                name="stop_names_its_scope",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="stop_says_why"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.get_purposes_display()}: {self.get_scope_display()} {self.code or self.branch or ''}".rstrip()


class StopLift(models.Model):
    """The end of a stop, at the word of a second person."""

    stop = models.OneToOneField(ServiceStop, models.PROTECT, related_name="lift", verbose_name=_("stop of service"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("lifted by"))
    at = models.DateTimeField(_("lifted"))
    reason = models.CharField(_("reason"), max_length=500)

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("end of a stop")
        verbose_name_plural = _("ends of stops")
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.stop}"
