"""The runs of the importer, to look at: nothing is changed here."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from clients.intake import selectors
from clients.intake.models import ImportRun
from clients.shared.admin import HouseAdmin, ReadOnly


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnly, HouseAdmin):
    """Newest first."""

    list_display = ("started_at", "kind", "file_name", "shown_state", "lines", "accepted", "unchanged", "rejected")
    list_filter = ("kind", "state")
    search_fields = ("file_name", "sha256")

    @admin.display(description=_("state"), ordering="state")
    def shown_state(self, run: ImportRun) -> str:
        """The state; a run that never ended and has no process any more is broken off."""
        dead = run.state == ImportRun.State.RUNNING and run.pk in selectors.broken_off()
        return str(ImportRun.State.BROKEN_OFF.label if dead else run.get_state_display())
