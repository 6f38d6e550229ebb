"""What is set for all strategies: contact rules, capacity, texts and playbooks on offer."""

from clients.register.rule_admin import RuleAdmin
from clients.shared.admin import HouseAdmin, ReadOnly


class ContactRuleAdmin(RuleAdmin):
    """How often a client may be contacted."""

    list_display = ("purpose", "kind", "most", "window", "unit", "effective_from", "effective_to", "state")
    list_filter = (*RuleAdmin.list_filter, "purpose", "kind")
    ordering = ("purpose", "kind", "window", "-effective_from")
    own_fields = ("purpose", "kind", "most", "window", "unit")


class CapacityBudgetAdmin(HouseAdmin):
    """How many tasks a pool can take on a day."""

    list_display = ("day", "pool", "capacity")
    search_fields = ("pool",)
    ordering = ("-day", "pool")


class DeliveryOptionAdmin(ReadOnly, HouseAdmin):
    """The templates and playbooks that a version may name."""

    list_display = ("kind", "code", "version", "active")
    list_filter = ("kind", "active")
    search_fields = ("code",)
    ordering = ("kind", "code")
