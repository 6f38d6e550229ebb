"""What clients did with money, for compliance to look at, one client at a time."""

from typing import ClassVar

from django.contrib import admin

from clients.ledger.models import CashFlow, MarginAccountDay, MarginContractDay, Position, ProductHolding, Trade
from clients.register.admin import OfClientAdmin


class LedgerAdmin(OfClientAdmin):
    """Facts by day, newest first."""

    list_select_related: ClassVar[tuple[str, ...]] = ("client", "security")
    ordering = ("-day", "-pk")


@admin.register(Trade)
class TradeAdmin(LedgerAdmin):
    """Executions."""

    list_display = ("day", "client", "security", "side", "quantity", "price", "net_amount")


@admin.register(CashFlow)
class CashFlowAdmin(LedgerAdmin):
    """Movements of cash."""

    list_display = ("day", "client", "kind", "amount", "balance_after", "currency")
    list_select_related = ("client",)


@admin.register(Position)
class PositionAdmin(LedgerAdmin):
    """Holdings at the close of a day."""

    list_display = ("day", "client", "security", "quantity", "last_price", "market_value")


@admin.register(ProductHolding)
class ProductHoldingAdmin(LedgerAdmin):
    """Shares of products at the close of a day."""

    list_display = ("day", "client", "product", "shares", "cost", "market_value")
    list_select_related = ("client", "product")


@admin.register(MarginAccountDay)
class MarginAccountDayAdmin(LedgerAdmin):
    """Credit accounts at the close of a day."""

    list_display = ("day", "client", "cash", "collateral_value", "debt", "ratio")
    list_select_related = ("client",)


@admin.register(MarginContractDay)
class MarginContractDayAdmin(LedgerAdmin):
    """Financing and short contracts at the close of a day."""

    list_display = ("day", "client", "contract_no", "kind", "outstanding", "interest", "status")
    list_select_related = ("client",)
