"""Clients and what they told us, for compliance to look at; the rules of suitability with their dates."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from clients.org import access
from clients.org.admin import ClientDataAdmin
from clients.register.models import (
    Account,
    Client,
    ClientGrant,
    Consent,
    ContactHold,
    PermissionRule,
    RevealRule,
    RiskAssessment,
    SuitabilityRule,
    Touch,
)
from clients.register.rule_admin import RuleAdmin
from clients.shared import clock, masking
from clients.shared.encrypted import blind_index


@admin.register(Client)
class ClientAdmin(ClientDataAdmin):
    """A client with his personal fields as openly as the reader's role allows; found by number, mobile or ID number."""

    list_display = ("client_no", "kind", "branch", "manager", "status", "opened_on")
    list_filter = ("branch", "kind", "status")
    list_select_related = ("branch", "manager")
    search_fields = ("=client_no",)
    search_help_text = _("Client number, or a whole mobile or ID number")
    ordering = ("client_no",)
    search_first = True
    fields = (
        "client_no", "kind", "shown_name", "shown_mobile", "id_type", "shown_id_no", "id_valid_to", "shown_email",
        "shown_address", "branch", "manager", "opened_on", "status", "shown_aml_level", "sensitive", "created_at",
        "changed_at",
    )  # fmt: skip
    readonly_fields = fields

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        index = blind_index(search_term)
        found = Q(client_no=search_term.strip())
        return queryset.filter(found | Q(mobile_index=index) | Q(id_no_index=index) if index else found), False

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """Lay the reader's levels beside the row: the methods below get the row alone."""
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            now = clock.now()
            levels = ("name", "mobile", "id_no", "email", "address", "aml_level")
            row.levels = {field: access.field_level(request.user, field, now=now) for field in levels}
        return row

    def _shown(self, row: Client, field: str, mask: Any) -> str:
        return masking.apply(row.levels[field], getattr(row, field), mask) or "—"  # type: ignore[attr-defined]

    @admin.display(description=_("name"))
    def shown_name(self, row: Client) -> str:
        """The name."""
        return self._shown(row, "name", masking.mask_name)

    @admin.display(description=_("mobile"))
    def shown_mobile(self, row: Client) -> str:
        """The mobile number."""
        return self._shown(row, "mobile", masking.mask_mobile)

    @admin.display(description=_("ID number"))
    def shown_id_no(self, row: Client) -> str:
        """The number of the ID document."""
        return self._shown(row, "id_no", masking.mask_id_no)

    @admin.display(description=_("e-mail"))
    def shown_email(self, row: Client) -> str:
        """The e-mail address."""
        return self._shown(row, "email", masking.mask_email)

    @admin.display(description=_("address"))
    def shown_address(self, row: Client) -> str:
        """The address."""
        return self._shown(row, "address", masking.mask_address)

    @admin.display(description=_("money-laundering risk"))
    def shown_aml_level(self, row: Client) -> str:
        """The level of money-laundering risk, in words."""
        known = row.levels["aml_level"] is masking.Level.FULL and row.aml_level  # type: ignore[attr-defined]
        return row.get_aml_level_display() if known else "—"


class OfClientAdmin(ClientDataAdmin):
    """Rows of one client, found by his number."""

    search_fields = ("=client__client_no",)
    search_help_text = _("Client number")
    list_select_related: ClassVar[tuple[str, ...]] = ("client",)
    ordering: ClassVar[tuple[str, ...]] = ("-pk",)
    search_first = True


@admin.register(Account)
class AccountAdmin(OfClientAdmin):
    """Accounts."""

    list_display = ("client", "kind", "market", "tail", "status", "opened_on", "closed_on")
    exclude = ("account_no", "fund_account")
    readonly_fields = ("tail",)

    @admin.display(description=_("account number"))
    def tail(self, row: Account) -> str:
        """The last four of the number."""
        return masking.mask_account(row.account_no)


@admin.register(RiskAssessment)
class RiskAssessmentAdmin(OfClientAdmin):
    """Answered questionnaires and their results."""

    list_display = ("client", "level", "lowest", "assessed_on", "valid_to")


@admin.register(Consent)
class ConsentAdmin(OfClientAdmin):
    """What clients agreed to and took back."""

    list_display = ("client", "purpose", "version", "given", "at", "channel")


@admin.register(ContactHold)
class ContactHoldAdmin(OfClientAdmin):
    """What forbids a contact."""

    list_display = ("client", "kind", "until", "reason")
    search_first = False


@admin.register(ClientGrant)
class ClientGrantAdmin(OfClientAdmin):
    """Who was given which client, why and until when."""

    list_display = ("client", "staff", "reason", "granted_at", "expires_at")
    list_select_related = ("client", "staff")
    search_first = False


@admin.register(Touch)
class TouchAdmin(OfClientAdmin):
    """Every contact with a client."""

    list_display = ("client", "channel", "purpose", "started_at", "staff", "reached")
    list_select_related = ("client", "staff")


@admin.register(SuitabilityRule)
class SuitabilityRuleAdmin(RuleAdmin):
    """The matrix of client class and product level."""

    list_display = ("client_class", "product_level", "outcome", "effective_from", "effective_to", "state")
    list_filter = (*RuleAdmin.list_filter, "client_class", "product_level", "outcome")
    ordering = ("client_class", "product_level", "-effective_from")
    own_fields = ("client_class", "product_level", "outcome")


@admin.register(PermissionRule)
class PermissionRuleAdmin(RuleAdmin):
    """What a trading permission asks for."""

    list_display = ("code", "min_assets", "min_months", "min_level", "paper", "effective_from", "effective_to", "state")
    list_filter = (*RuleAdmin.list_filter, "code")
    ordering = ("code", "-effective_from")
    own_fields = (
        "code", "min_assets", "window_td", "min_months", "min_level", "paper", "agreements", "exempt_if", "on_mismatch",
        "note",
    )  # fmt: skip


@admin.register(RevealRule)
class RevealRuleAdmin(RuleAdmin):
    """How many hidden particulars a person of a role may have shown in a day."""

    list_display = ("role", "a_day", "effective_from", "effective_to", "state")
    list_filter = (*RuleAdmin.list_filter, "role")
    ordering = ("role", "-effective_from")
    own_fields = ("role", "a_day")
