"""The channel on which he is best reached.

Prior: the app, then the telephone. Likelihood: each contact that reached him speaks for its channel, each that did not
against it; where he is online says a little.
"""

from django.utils.translation import gettext_lazy as _

from clients.portrait.traits.trait import Sign, Trait

SQL = """
-- reads: touches 250, event_days 90
WITH tried AS (
    SELECT client_id, day, CASE channel WHEN 'inbox' THEN 'app' ELSE channel END AS value, reached
    FROM touches
    WHERE outbound
)
SELECT client_id, CASE WHEN reached THEN 'reached' ELSE 'missed' END AS sign, value, count(*) AS observations,
    max(day) AS latest
FROM tried
WHERE value IN ('phone', 'app', 'sms', 'wechat')
GROUP BY ALL
UNION ALL
SELECT client_id, 'online', channel, count(DISTINCT day), max(day)
FROM event_days
WHERE meaning = 'signed_in' AND channel IN ('app', 'wechat')
GROUP BY ALL
"""
TRAIT = Trait(
    name="contact_channel",
    title=_("Best way to reach"),
    values={
        "phone": _("telephone"),
        "app": _("message in the app"),
        "sms": _("SMS"),
        "wechat": _("WeChat"),
    },
    signs={
        "reached": Sign(_("was reached by %(value)s, %(n)s times")),
        "missed": Sign(_("was not reached by %(value)s, %(n)s times")),
        "online": Sign(_("signed in by %(value)s on %(n)s days"), screen=True),
    },
    sql=SQL,
)
