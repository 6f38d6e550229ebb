"""Whom he lives with: only what he told us himself. Nothing is inferred about other people.

Prior: nobody knows. Likelihood: his own word alone.
"""

from django.utils.translation import gettext_lazy as _

from clients.portrait.traits.trait import Trait

SQL = """
-- reads: clients
SELECT client_id, NULL AS sign, NULL AS value, 0 AS observations, data_day() AS latest
FROM clients
WHERE FALSE
"""
TRAIT = Trait(
    name="household",
    title=_("Household"),
    values={
        "alone": _("alone"),
        "couple": _("as a couple"),
        "children": _("with children"),
        "parents": _("with parents"),
    },
    signs={},
    sql=SQL,
)
