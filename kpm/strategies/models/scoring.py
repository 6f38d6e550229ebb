"""What arbitration and the gates weigh: goal rates of families, their caps, what an answer suppresses."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.org.models import User
from clients.register.models import Client, ProposedRule
from clients.shared.rowaccess import RowAccess
from clients.shared.triggers import append_only, history
from kpm.strategies.models.strategy import Purpose, Strategy


class GoalRate(models.Model):
    """How often a goal is reached after a delivery, shrunk (STRATEGY 6): of a family, and of a strategy in a segment.

    Written by outcomes. Where there is no row of the strategy that of its family holds, and without one the default of
    `seeds/scores.yaml`.
    """

    family = models.CharField(_("family"), max_length=30)
    strategy = models.ForeignKey(
        Strategy, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("strategy")
    )
    segment = models.CharField(_("tier of clients"), max_length=20, blank=True)
    rate = models.FloatField(_("rate"))
    trials = models.PositiveIntegerField(_("closed windows"), default=0)
    counted_on = models.DateField(_("as of"))

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("goal rate")
        constraints = [
            models.CheckConstraint(condition=models.Q(rate__range=(0, 1)), name="goal_rate_is_a_share"),
            models.UniqueConstraint(
                fields=["family", "strategy", "segment"], nulls_distinct=False, name="goal_rate_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.family} {self.strategy_id or ''} {self.segment} {self.rate:.3f}"


@history("FamilyCapHistory")
class FamilyCap(ProposedRule):
    """At most `most` deliveries of one family to a client within a window of trading days; no family means each."""

    family = models.CharField(_("family"), max_length=30, blank=True)
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose)
    window = models.PositiveSmallIntegerField(_("window in trading days"), validators=[MinValueValidator(1)])
    most = models.PositiveSmallIntegerField(_("at most"))

    row_access = RowAccess(configuration=True)

    class Meta(ProposedRule.Meta):
        verbose_name = _("cap of a family")
        constraints = [
            *ProposedRule.Meta.constraints,
            models.UniqueConstraint(fields=["family", "purpose", "window", "effective_from"], name="family_cap_once"),
            models.CheckConstraint(condition=models.Q(window__gte=1), name="family_cap_has_days"),
        ]

    def __str__(self) -> str:
        return f"{self.family or '*'} {self.purpose}: {self.most} in {self.window} td"


@history("SuppressionHistory")
class Suppression(ProposedRule):
    """`count` answers `response` within a window silence the strategy, its family or all for a while (STRATEGY 5)."""

    class Scope(models.TextChoices):
        STRATEGY = "strategy", _("the strategy")
        FAMILY = "family", _("the family")
        ALL = "all", _("all service and marketing")

    response = models.CharField(_("answer"), max_length=30)
    count = models.PositiveSmallIntegerField(_("times"), default=1)
    window = models.PositiveSmallIntegerField(_("within trading days"), validators=[MinValueValidator(1)])
    scope = models.CharField(_("silences"), max_length=10, choices=Scope)
    duration = models.PositiveSmallIntegerField(_("for trading days"), validators=[MinValueValidator(1)])

    row_access = RowAccess(configuration=True)

    class Meta(ProposedRule.Meta):
        verbose_name = _("suppression")
        constraints = [
            *ProposedRule.Meta.constraints,
            models.UniqueConstraint(fields=["response", "count", "scope", "effective_from"], name="suppression_once"),
            models.CheckConstraint(
                condition=models.Q(window__gte=1, duration__gte=1, count__gte=1), name="suppression_has_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.count} x {self.response}: {self.scope} for {self.duration} td"


class UniversalDraw(models.Model):
    """One period in which a small share of all clients gets no service or marketing, to measure the whole programme."""

    from_day = models.DateField(_("from"), unique=True)
    to_day = models.DateField(_("to"))
    pct = models.DecimalField(_("held out, percent"), max_digits=4, decimal_places=2)
    salt = models.CharField(max_length=32, editable=False)
    drawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("universal hold-out")
        triggers = append_only()
        constraints = [
            models.CheckConstraint(condition=models.Q(to_day__gt=models.F("from_day")), name="draw_has_days"),
            models.CheckConstraint(condition=models.Q(pct__range=(0, 3)), name="draw_is_small"),
        ]

    def __str__(self) -> str:
        return f"{self.pct} % {self.from_day} to {self.to_day}"


class UniversalHoldout(models.Model):
    """A client's bucket in a draw, and whether he is held out; drawn once, kept for ever."""

    draw = models.ForeignKey(UniversalDraw, models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    bucket = models.PositiveSmallIntegerField()
    held = models.BooleanField()

    row_access = RowAccess(client="client")

    class Meta:
        triggers = append_only()
        constraints = [models.UniqueConstraint(fields=["draw", "client"], name="universally_drawn_once")]

    def __str__(self) -> str:
        return f"{self.client_id} {'held' if self.held else 'free'}"
