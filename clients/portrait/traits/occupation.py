"""What he does for a living: what he told us, else guessed with little confidence.

Prior: employees. Likelihood: his own word settles it; his age and whether he is online while others work say little.
"""

from django.utils.translation import gettext_lazy as _

from clients.portrait.traits.trait import Sign, Trait

SQL = """
-- reads: clients, declared, visit_days 90
SELECT client_id, 'told' AS sign, occupation AS value, 1 AS observations, data_day() AS latest
FROM declared
WHERE occupation IN ('employee', 'self_employed', 'public', 'retired', 'student', 'other')
UNION ALL
SELECT client_id, CASE WHEN age >= 60 THEN 'from_60' ELSE 'under_24' END, NULL, 1, data_day()
FROM clients
WHERE age >= 60 OR age < 24
UNION ALL
SELECT client_id, 'in_working_hours', NULL, count(*), max(day)
FROM visit_days
WHERE minute >= 13 * 60 AND minute < 15 * 60 AND isodow(day) <= 5
GROUP BY ALL
"""
TRAIT = Trait(
    name="occupation",
    title=_("Occupation"),
    values={
        "employee": _("employee"),
        "self_employed": _("self-employed"),
        "public": _("public service"),
        "retired": _("retired"),
        "student": _("student"),
        "other": _("other"),
    },
    signs={
        "told": Sign(_("told us: %(value)s")),
        "from_60": Sign(_("60 or older")),
        "under_24": Sign(_("younger than 24")),
        "in_working_hours": Sign(_("%(n)s visits in working hours"), screen=True),
    },
    sql=SQL,
)
