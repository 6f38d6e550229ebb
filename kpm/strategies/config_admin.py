"""What is set for all strategies: contact rules, capacity, texts and playbooks on offer."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from clients.register.rule_admin import RuleAdmin
from clients.shared.admin import HouseAdmin, ReadOnly
from kpm.strategies.models import GoalRate


class ContactRuleAdmin(RuleAdmin):
    """How often a client may be contacted."""

    list_display = ("purpose", "kind", "most", "window", "unit", "effective_from", "effective_to", "state")
    list_filter = (*RuleAdmin.list_filter, "purpose", "kind")
    ordering = ("purpose", "kind", "window", "-effective_from")
    own_fields = ("purpose", "kind", "most", "window", "unit")


class FamilyCapAdmin(RuleAdmin):
    """How often strategies of one family may come to a client."""

    list_display = ("family", "purpose", "most", "window", "effective_from", "effective_to", "state")
    list_filter = (*RuleAdmin.list_filter, "purpose")
    ordering = ("purpose", "family", "-effective_from")
    own_fields = ("family", "purpose", "most", "window")


class SuppressionAdmin(RuleAdmin):
    """What a client's answer silences, and for how long."""

    list_display = ("response", "count", "window", "scope", "duration", "effective_from", "effective_to", "state")
    list_filter = (*RuleAdmin.list_filter, "scope")
    ordering = ("response", "-effective_from")
    own_fields = ("response", "count", "window", "scope", "duration")


class GoalRateAdmin(ReadOnly, HouseAdmin):
    """How often goals of a family are reached; outcomes write it."""

    list_display = ("family", "share", "trials", "counted_on")
    fields = readonly_fields = list_display
    search_fields = ("family",)
    ordering = ("family",)

    @admin.display(description=_("goal reached"), ordering="rate")
    def share(self, row: GoalRate) -> str:
        """Of a hundred deliveries, so many."""
        return f"{row.rate:.1%}"


class UniversalDrawAdmin(ReadOnly, HouseAdmin):
    """The periods in which a few clients get no service, to measure the whole programme."""

    list_display = ("from_day", "to_day", "pct", "drawn_by")
    list_select_related = ("drawn_by",)
    ordering = ("-from_day",)


class CapacityBudgetAdmin(HouseAdmin):
    """How many tasks a pool can take on a day."""

    list_display = ("day", "pool", "capacity", "fixed")
    search_fields = ("pool",)
    ordering = ("-day", "pool")


class DeliveryOptionAdmin(ReadOnly, HouseAdmin):
    """The templates and playbooks that a version may name."""

    list_display = ("kind", "code", "version", "active")
    list_filter = ("kind", "active")
    search_fields = ("code",)
    ordering = ("kind", "code")
