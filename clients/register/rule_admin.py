"""Dated rules in the admin: somebody proposes a new row, compliance confirms it; no row is ever edited."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from clients.org.models import Role
from clients.org.requests import person
from clients.org.standing import holds
from clients.register import rulings
from clients.register.models import ProposedRule
from clients.shared import clock
from clients.shared.admin import HouseAdmin, Pressed, button

SIGNATURES = ("proposed_by", "confirmed_by", "confirmed_at")


class RuleForm(forms.ModelForm):
    """A proposal; it begins after today and does not end before it begins."""

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        first, last = found.get("effective_from"), found.get("effective_to")
        if refused := rulings.too_early(self._meta.model(effective_from=first), clock.now()):
            self.add_error("effective_from", refused)
        if first and last and last < first:
            self.add_error("effective_to", _t("The last day lies before the first."))
        return found


class RuleAdmin(HouseAdmin):
    """Rules with who proposed and who confirmed them; what waits for compliance is read by nobody yet."""

    form = RuleForm
    buttons = ("confirm", "withdraw", "propose_next")
    refusals = (rulings.RuleRefused,)
    list_filter: ClassVar[Any] = (("confirmed_at", admin.EmptyFieldListFilter),)
    list_select_related: ClassVar[Any] = ("proposed_by", "confirmed_by")
    own_fields: ClassVar[tuple[str, ...]] = ()
    in_words: ClassVar[dict[str, str]] = {}  # what stands in the place of a code where a rule is only looked at

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = (*self.own_fields, "effective_from", "effective_to")
        return (*(self.in_words.get(name, name) for name in fields), *SIGNATURES) if obj else fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj) if obj else ()

    def save_model(self, request: HttpRequest, obj: ProposedRule, form: Any, change: bool) -> None:
        rulings.propose_rule(rule=obj, by=person(request), now=clock.now())

    def may_press(self, request: HttpRequest, row: ProposedRule) -> bool:
        """Which button somebody may use is decided by `shown_buttons` and by the service."""
        return bool(self.has_view_permission(request, row))

    def shown_buttons(self, request: HttpRequest, row: ProposedRule) -> Iterable[str]:
        user, now = person(request), clock.now()
        if row.confirmed_at is None and rulings.may_confirm(row, user, now):
            yield "confirm"
        if row.confirmed_at is None and (row.proposed_by == user or holds(user, Role.COMPLIANCE, now)):
            yield "withdraw"
        if self.has_add_permission(request):
            yield "propose_next"

    @admin.display(description=_("state"))
    def state(self, row: ProposedRule) -> str:
        """Whether the rule counts on its days, or waits for its second name."""
        return _t("Confirmed") if row.confirmed_at else _t("Waits for compliance")

    @button(_("Confirm"))
    def confirm(self, request: HttpRequest, row: ProposedRule) -> Pressed:
        """Put the second name under a proposal."""
        rulings.confirm_rule(rule=row, by=person(request), now=clock.now())
        return _t("Confirmed; the rule counts from %(day)s on.") % {"day": row.effective_from}

    @button(_("Withdraw the proposal"))
    def withdraw(self, request: HttpRequest, row: ProposedRule) -> Pressed:
        """Remove a proposal."""
        rulings.withdraw_rule(rule=row, by=person(request), now=clock.now())
        self.message_user(request, _t("The proposal is withdrawn."), messages.SUCCESS)
        return redirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))

    @button(_("Propose the next rule"))
    def propose_next(self, request: HttpRequest, row: ProposedRule) -> Pressed:
        """Open the form with what this row says; its days are to be chosen."""
        said = {name: getattr(row, name) for name in self.own_fields}
        typed = {name: ",".join(value) if isinstance(value, list) else value for name, value in said.items()}
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_add")
        return redirect(f"{address}?{urlencode({k: v for k, v in typed.items() if v is not None and v is not False})}")
