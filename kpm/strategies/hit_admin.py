"""One hit as the administration shows it: why it was found, where it stopped, and what its score was weighed with."""

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from clients.register.admin import OfClientAdmin
from kpm.strategies import naming
from kpm.strategies.config_filters import ArmFilter
from kpm.strategies.explaining.selectors import hit_of
from kpm.strategies.explaining.wording import of_hit
from kpm.strategies.models import Hit


class HitAdmin(OfClientAdmin):
    """Whom strategies meant, why, and where it stopped."""

    list_display = ("last_day", "client", "strategy", "stage", "stop", "group", "delivered_at")
    list_filter = ("stage", ("arm", ArmFilter))
    list_select_related = ("client", "strategy")
    exclude = ("stopped_by", "arm", "pool", "factors", "refusal", "lost_to", "propensity")
    readonly_fields = ("stop", "group", "whose", "made_of", "stronger", "full", "explores", "explanation")

    @admin.display(description=_("score made of"))
    def made_of(self, row: Hit) -> str:
        """Chance, context, value, lever and cost."""
        return naming.factors(row.factors) if row.factors else "—"

    @admin.display(description=_("lost to"))
    def stronger(self, row: Hit) -> str:
        """The stronger hit of the same client, with what its score is made of."""
        other = hit_of(row.lost_to) if row.lost_to else None
        return f"{other.strategy}: {naming.factors(other.factors or {})}" if other else "—"

    @admin.display(description=_("why there was no room"))
    def full(self, row: Hit) -> str:
        """Whose capacity was full, and what the last hit that found room scored."""
        return naming.refusal(row.refusal) if row.refusal else "—"

    @admin.display(description=_("explores"))
    def explores(self, row: Hit) -> str:
        """The chance with which it was drawn although it had lost."""
        if row.propensity is None:
            return "—"
        return _t("drawn with a chance of %(chance)s") % {"chance": f"{row.propensity:.1%}"}

    @admin.display(description=_("stopped by"), ordering="stopped_by")
    def stop(self, row: Hit) -> str:
        """Why it went no further."""
        return naming.say(naming.STOPS, row.stopped_by) or "—"

    @admin.display(description=_("why"))
    def explanation(self, row: Hit) -> str:
        """Each comparison of its condition on the values that were stored with it."""
        return format_html_join("", "<div>{}</div>", ((line,) for line in of_hit(row))) or "—"

    @admin.display(description=_("group"), ordering="arm")
    def group(self, row: Hit) -> str:
        """Whether it was to be served or is held out."""
        return naming.say(naming.ARMS, row.arm)

    @admin.display(description=_("pool"), ordering="pool")
    def whose(self, row: Hit) -> str:
        """Whose capacity it needs."""
        return naming.pool(row.pool) or "—"
