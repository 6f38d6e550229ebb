"""The suitability matrix and the permission rules of DOMAIN 3.3 and 2.2, as dated rows that compliance may replace."""

from datetime import date

from django.db import migrations
from django.utils import timezone

START = date(2017, 7, 1)
# client class: outcome for R1 … R5 (m match, w mismatch only at the client's own request, b blocked)
MATRIX = {
    "lowest": "mbbbb",
    "C1": "mwwww",
    "C2": "mmwww",
    "C3": "mmmww",
    "C4": "mmmmw",
    "C5": "mmmmm",
    "professional": "mmmmm",
    "unknown": "bbbbb",
}
OUTCOMES = {"m": "match", "w": "warn", "b": "block"}
# code, average assets of 20 trading days, months, level, knowledge test, exempt with, note
PERMISSIONS = [
    ("GEM", 100_000, 24, 4, False, "", ""),
    ("STAR", 500_000, 24, 4, True, "", ""),
    ("BSE", 500_000, 24, 4, True, "STAR", ""),
    ("HK", 500_000, None, 4, True, "", ""),
    ("CB", 100_000, 24, 3, False, "", "practice, to be confirmed"),
    ("DELISTING", 500_000, 24, 4, False, "", "practice, to be confirmed"),
    ("MARGIN", 500_000, 6, 4, True, "", ""),
    ("OPTION", 500_000, 6, 4, True, "", "or margin or futures experience; three levels"),
    ("ST", None, None, 4, False, "", "disclosure; practice, to be confirmed"),
]


def seed(apps, schema_editor):
    """Write the rows once; what comes with the house is confirmed by nobody in it."""
    rule, permission = apps.get_model("register", "SuitabilityRule"), apps.get_model("register", "PermissionRule")
    came = {"effective_from": START, "confirmed_at": timezone.now()}
    rule.objects.bulk_create(
        rule(client_class=client_class, product_level=level, outcome=OUTCOMES[mark], **came)
        for client_class, outcomes in MATRIX.items()
        for level, mark in enumerate(outcomes, 1)
    )
    permission.objects.bulk_create(
        permission(
            code=code, min_assets=assets, min_months=months, min_level=level, paper=paper, exempt_if=exempt, note=note,
            **came,
        )
        for code, assets, months, level, paper, exempt, note in PERMISSIONS
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("register", "0001_initial")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
