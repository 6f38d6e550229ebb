"""Why a task went to whom, and what follows a message, for compliance to look at."""

from django.contrib import admin

from advisory.dispatch.models import FollowUp, RoutingDecision
from clients.org.admin import ClientDataAdmin


@admin.register(RoutingDecision)
class RoutingDecisionAdmin(ClientDataAdmin):
    """Decisions of the router, found by the client of their task."""

    list_display = ("at", "task", "chosen", "pool")
    list_select_related = ("task", "chosen")
    search_fields = ("=task__client__client_no",)
    ordering = ("-pk",)
    search_first = True


@admin.register(FollowUp)
class FollowUpAdmin(ClientDataAdmin):
    """Tasks promised after messages, and what became of them."""

    list_display = ("due_at", "hit", "state", "reason", "task")
    list_select_related = ("hit__strategy", "hit__client", "task")
    list_filter = ("state",)
    search_fields = ("=hit__client__client_no",)
    ordering = ("-pk",)
    search_first = True
