"""Dated rules in four eyes: one person proposes a new row, compliance confirms it, and it never changes again."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.shared.triggers import frozen_once

UNSIGNED = Q(proposed_by__isnull=True, confirmed_by__isnull=True)
WAITING = Q(proposed_by__isnull=False, confirmed_by__isnull=True, confirmed_at__isnull=True)
SIGNED = Q(proposed_by__isnull=False, confirmed_by__isnull=False, confirmed_at__isnull=False)
BY_TWO = ~Q(proposed_by=F("confirmed_by"))


class ProposedRule(models.Model):
    """What every dated rule carries: its days, who proposed it, who confirmed it.

    Rows that came with the house have neither name. A row that is not confirmed is read by nobody.
    """

    effective_from = models.DateField(_("from"))
    effective_to = models.DateField(_("to"), null=True, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=UNSIGNED | WAITING | SIGNED & BY_TWO, name="%(class)s_signed_by_two"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="%(class)s_days_in_order",
            ),
        ]
        triggers = frozen_once("confirmed_at")
