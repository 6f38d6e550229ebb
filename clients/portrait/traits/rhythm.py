"""The part of the day in which he is usually online.

Prior: evening and morning before the others. Likelihood: about two thirds of the visits of a person lie in his usual
part, so that a visit there is worth ln(0.65 / 0.13), and one elsewhere less than nothing.
"""

from django.utils.translation import gettext_lazy as _

from clients.portrait.traits.trait import Sign, Trait

SQL = """
-- reads: visit_days 90
SELECT client_id, 'visited' AS sign, band AS value, count(*) AS observations, max(day) AS latest
FROM visit_days
GROUP BY ALL
"""
TRAIT = Trait(
    name="rhythm",
    title=_("Usual time online"),
    values={
        "early": _("before 09:00"),
        "morning": _("09:00 to 11:30"),
        "midday": _("11:30 to 13:00"),
        "afternoon": _("13:00 to 15:00"),
        "evening": _("15:00 to 21:00"),
        "night": _("after 21:00"),
    },
    signs={
        "visited": Sign(_("%(n)s visits %(value)s"), screen=True),
    },
    sql=SQL,
)
