"""What is set for all strategies: contact rules, capacity, texts and playbooks on offer."""

from typing import ClassVar

from django.contrib import admin
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from clients.register.rule_admin import RuleAdmin
from clients.shared.admin import HouseAdmin, ReadOnly
from kpm.strategies import naming
from kpm.strategies.config_filters import OptionFilter
from kpm.strategies.models import CapacityBudget, DeliveryOption, FamilyCap, GoalRate, Suppression


class ContactRuleAdmin(RuleAdmin):
    """How often a client may be contacted."""

    list_display = ("purpose", "kind", "most", "window", "unit", "effective_from", "effective_to", "state")
    list_filter = (*RuleAdmin.list_filter, "purpose", "kind")
    ordering = ("purpose", "kind", "window", "-effective_from")
    own_fields = ("purpose", "kind", "most", "window", "unit")


class FamilyCapAdmin(RuleAdmin):
    """How often strategies of one family may come to a client."""

    list_display = ("family_name", "purpose", "most", "window", "effective_from", "effective_to", "state")
    list_filter = (*RuleAdmin.list_filter, "purpose")
    ordering = ("purpose", "family", "-effective_from")
    own_fields = ("family", "purpose", "most", "window")
    in_words: ClassVar[dict[str, str]] = {"family": "family_name"}

    @admin.display(description=_("family"), ordering="family")
    def family_name(self, row: FamilyCap) -> str:
        """The family in the language of the page; none means each of them."""
        return naming.family(row.family) or _t("each family")

    def title_of(self, row: FamilyCap) -> str:
        said = {"family": self.family_name(row), "purpose": row.get_purpose_display()}
        limit = {"most": row.most, "window": row.window}
        return _t("%(family)s, %(purpose)s: at most %(most)s in %(window)s trading days") % {**said, **limit}


class SuppressionAdmin(RuleAdmin):
    """What a client's answer silences, and for how long."""

    list_display = ("answer", "count", "window", "scope", "duration", "effective_from", "effective_to", "state")
    list_filter = (*RuleAdmin.list_filter, "scope")
    ordering = ("response", "-effective_from")
    own_fields = ("response", "count", "window", "scope", "duration")
    in_words: ClassVar[dict[str, str]] = {"response": "answer"}

    def title_of(self, row: Suppression) -> str:
        said = {"count": row.count, "scope": row.get_scope_display(), "duration": row.duration}
        return _t("%(count)s × %(answer)s: %(scope)s rests for %(duration)s trading days") % {
            **said, "answer": naming.say(naming.RESPONSES, row.response),
        }  # fmt: skip

    @admin.display(description=_("answer"), ordering="response")
    def answer(self, row: Suppression) -> str:
        """What the client answered."""
        return naming.say(naming.RESPONSES, row.response)


class GoalRateAdmin(ReadOnly, HouseAdmin):
    """How often goals of a family are reached, and of its strategies by tier of clients; outcomes write it."""

    list_display = ("family_name", "strategy", "segment", "share", "trials", "counted_on")
    fields = readonly_fields = list_display
    search_fields = ("family", "=strategy__code")
    list_select_related = ("strategy",)
    ordering = ("family", "strategy__code", "segment")

    @admin.display(description=_("family"), ordering="family")
    def family_name(self, row: GoalRate) -> str:
        """The family in the language of the page."""
        return naming.family(row.family)

    def title_of(self, row: GoalRate) -> str:
        return f"{row.strategy or self.family_name(row)} {row.segment}".rstrip() + f": {self.share(row)}"

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

    list_display = ("day", "whose", "capacity", "fixed")
    search_fields = ("pool",)
    ordering = ("-day", "pool")

    @admin.display(description=_("pool"), ordering="pool")
    def whose(self, row: CapacityBudget) -> str:
        """The people whose work it is."""
        return naming.pool(row.pool)

    def title_of(self, row: CapacityBudget) -> str:
        return f"{row.day} {self.whose(row)}"


class DeliveryOptionAdmin(ReadOnly, HouseAdmin):
    """The templates and playbooks that a version may name."""

    list_display = ("code", "what", "version", "active")
    list_filter = (("kind", OptionFilter), "active")
    search_fields = ("code",)
    ordering = ("kind", "code")
    exclude = ("kind",)
    readonly_fields = ("what",)

    @admin.display(description=_("kind"), ordering="kind")
    def what(self, row: DeliveryOption) -> str:
        """A text of a message, or a process of work."""
        return naming.say(naming.OPTIONS, row.kind)

    def title_of(self, row: DeliveryOption) -> str:
        return f"{row.code}, {self.what(row)}"
