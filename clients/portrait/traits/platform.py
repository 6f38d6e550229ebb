"""The platform on which he is mostly online.

Prior: the app. Likelihood: about four fifths of the sign-ins of a person come from his main platform.
"""

from django.utils.translation import gettext_lazy as _

from clients.portrait.traits.trait import Sign, Trait

SQL = """
-- reads: event_days 90
SELECT client_id, 'signed_in' AS sign, channel AS value, count(DISTINCT day) AS observations, max(day) AS latest
FROM event_days
WHERE meaning = 'signed_in' AND channel IN ('app', 'web', 'pc', 'wechat')
GROUP BY ALL
"""
TRAIT = Trait(
    name="platform",
    title=_("Main platform"),
    values={
        "app": _("app"),
        "web": _("web"),
        "pc": _("trading terminal"),
        "wechat": _("WeChat"),
    },
    signs={
        "signed_in": Sign(_("signed in by %(value)s on %(n)s days"), screen=True),
    },
    sql=SQL,
)
