"""Why a task went to whom, for compliance to look at."""

from django.contrib import admin

from advisory.dispatch.models import RoutingDecision
from clients.org.admin import ClientDataAdmin


@admin.register(RoutingDecision)
class RoutingDecisionAdmin(ClientDataAdmin):
    """Decisions of the router, found by the client of their task."""

    list_display = ("at", "task", "chosen", "pool")
    list_select_related = ("task", "chosen")
    search_fields = ("=task__client__client_no",)
    ordering = ("-pk",)
    search_first = True
