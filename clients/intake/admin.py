"""The runs of the importer, to look at: nothing is changed here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from clients.intake.models import ImportRun


@admin.register(ImportRun)
class ImportRunAdmin(admin.ModelAdmin):
    """Newest first; a run without a living process is marked broken off by the next import."""

    list_display = ("started_at", "kind", "file_name", "state", "lines", "accepted", "unchanged", "rejected")
    list_filter = ("kind", "state")
    search_fields = ("file_name", "sha256")
    readonly_fields = tuple(field.name for field in ImportRun._meta.fields)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
