"""The runs of the importer, to look at: nothing is changed here."""

from django.contrib import admin

from clients.intake.models import ImportRun
from clients.shared.admin import HouseAdmin, ReadOnly


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnly, HouseAdmin):
    """Newest first; a run without a living process is marked broken off by the next import."""

    list_display = ("started_at", "kind", "file_name", "state", "lines", "accepted", "unchanged", "rejected")
    list_filter = ("kind", "state")
    search_fields = ("file_name", "sha256")
