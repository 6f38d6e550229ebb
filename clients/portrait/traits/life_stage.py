"""The stage of his life, declared or by his age.

Prior: family. Likelihood: his age; being a student or retired by his own word.
"""

from django.utils.translation import gettext_lazy as _

from clients.portrait.traits.trait import Sign, Trait

SQL = """
-- reads: clients, declared
SELECT
    client_id,
    CASE WHEN age < 30 THEN 'under_30' WHEN age < 45 THEN 'under_45' WHEN age < 60 THEN 'under_60' ELSE 'from_60' END
        AS sign,
    NULL AS value,
    1 AS observations,
    data_day() AS latest
FROM clients
WHERE age IS NOT NULL
UNION ALL
SELECT client_id, 'says_' || occupation, NULL, 1, data_day() FROM declared WHERE occupation IN ('retired', 'student')
"""
TRAIT = Trait(
    name="life_stage",
    title=_("Stage of life"),
    values={
        "young": _("young, on one's own"),
        "family": _("raising a family"),
        "mature": _("children grown"),
        "retired": _("retired"),
    },
    signs={
        "under_30": Sign(_("younger than 30")),
        "under_45": Sign(_("30 to 44 years old")),
        "under_60": Sign(_("45 to 59 years old")),
        "from_60": Sign(_("60 or older")),
        "says_retired": Sign(_("told us: retired")),
        "says_student": Sign(_("told us: student")),
    },
    sql=SQL,
)
