"""The market: rules to configure, facts to look at, and the yearly notice of the exchange."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from clients.market import calendar
from clients.market.models import (
    BoardPrefix,
    BoardRule,
    DailyBar,
    Exchange,
    Product,
    ProductNav,
    Security,
    SecurityEvent,
    SecurityName,
    TradingDay,
)
from clients.market.notice_form import NoticeForm
from clients.shared.admin import HouseAdmin, HouseInline, ReadOnly


@admin.register(Exchange)
class ExchangeAdmin(ReadOnly, HouseAdmin):
    """The exchanges that the house knows."""

    list_display = ("code", "mic", "name")


class NameInline(ReadOnly, HouseInline):
    """The names a security bore."""

    model = SecurityName


@admin.register(Security)
class SecurityAdmin(ReadOnly, HouseAdmin):
    """The master data that the settlement system sends."""

    list_display = ("symbol", "name", "type", "board", "status", "risk_flag")
    list_filter = ("exchange", "type", "board", "status")
    search_fields = ("code", "name", "short_pinyin")
    ordering = ("exchange", "code")
    inlines = (NameInline,)


@admin.register(BoardRule)
class BoardRuleAdmin(HouseAdmin):
    """Price limits, with dates."""

    list_display = ("board", "risk_warned", "limit_ratio", "first_days_free", "effective_from", "effective_to")
    list_filter = ("board",)
    ordering = ("board", "risk_warned", "-effective_from")


@admin.register(BoardPrefix)
class BoardPrefixAdmin(HouseAdmin):
    """Which board a code belongs to when the feed does not say."""

    list_display = ("exchange", "prefix", "type", "board")
    list_filter = ("exchange", "type", "board")
    ordering = ("exchange", "prefix")
    deletable = True


@admin.register(DailyBar)
class DailyBarAdmin(ReadOnly, HouseAdmin):
    """Prices by day."""

    list_display = ("security", "day", "close", "prev_close", "volume", "status", "jump")
    list_filter = ("status", "jump")
    list_select_related = ("security",)
    search_fields = ("=security__code",)
    search_help_text = _("Code of a security, as 600519")
    ordering = ("-day", "security")


@admin.register(SecurityEvent)
class SecurityEventAdmin(ReadOnly, HouseAdmin):
    """What happened to securities, from files and from articles."""

    list_display = ("announced_on", "security", "kind", "role", "ex_date", "last_day", "source", "reversal_of")
    list_filter = ("kind", "role")
    list_select_related = ("security",)
    search_fields = ("=security__code", "=event_no")
    search_help_text = _("Code of a security, as 600519, or the number of an event")
    ordering = ("-announced_on", "-pk")


class NavInline(ReadOnly, HouseInline):
    """Net asset values by day."""

    model = ProductNav
    ordering = ("-day",)


@admin.register(Product)
class ProductAdmin(ReadOnly, HouseAdmin):
    """Products as their transfer agents send them."""

    list_display = ("product_code", "ta_code", "name", "kind", "risk_level", "status", "as_of")
    list_filter = ("kind", "risk_level", "status")
    search_fields = ("product_code", "name")
    ordering = ("ta_code", "product_code")
    inlines = (NavInline,)


@admin.register(TradingDay)
class TradingDayAdmin(ReadOnly, HouseAdmin):
    """The calendar. A year becomes certain by its notice; single days are not edited."""

    change_list_template = "admin/market/tradingday/change_list.html"
    list_display = ("exchange", "day", "is_open", "half_day", "provisional", "number", "source")
    list_filter = ("exchange", "provisional", "is_open")
    date_hierarchy = "day"
    ordering = ("-day", "exchange")

    def get_urls(self) -> list[URLPattern]:
        notice = path("notice/", self.admin_site.admin_view(self.notice), name="market_tradingday_notice")
        return [notice, *super().get_urls()]

    def notice(self, request: HttpRequest) -> HttpResponse:
        """Take over the closed days of a year."""
        if not self.may_press(request, None):
            raise PermissionDenied
        form = NoticeForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and self._take_over(request, form):
            return redirect("admin:market_tradingday_changelist")
        context = {**self.admin_site.each_context(request), "form": form, "title": _("Notice of the exchange")}
        return render(request, "admin/market/tradingday/notice.html", {**context, "opts": self.opts})

    def _take_over(self, request: HttpRequest, form: NoticeForm) -> bool:
        typed: dict[str, Any] = form.cleaned_data
        given = {name: typed[name] for name in ("year", "closed", "source")}
        codes = [exchange.code for exchange in typed["exchanges"]]
        try:
            with transaction.atomic():
                changed = {code: calendar.replace_year(exchange=code, **given) for code in codes}
        except calendar.OutsideCalendar as outside:
            form.add_error("year", str(outside))
            return False
        said = ", ".join(f"{code} {number}" for code, number in changed.items())
        self.message_user(request, _("The year is certain now. Days that changed: %(days)s") % {"days": said})
        return True
