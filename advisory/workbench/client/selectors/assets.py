"""What a client has on the last settled day, as openly as the person asking may know."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from clients.ledger import selectors as ledger
from clients.ledger.models import ProductHolding
from clients.ledger.selectors import DayTotal, Holding
from clients.org import access
from clients.org.models import User
from clients.register.models import Client
from clients.shared.masking import Level

DAYS = 5  # as many as the record keeps: older ones would have to come from the lake
SHOWN = 10


@dataclass(frozen=True)
class Assets:
    """Totals of the last days, oldest first; the largest holdings of `count`; products with what they are worth."""

    day: date
    days: list[DayTotal]
    holdings: list[Holding]
    count: int
    products: list[ProductHolding]

    @property
    def now(self) -> DayTotal | None:
        """The last day; None before the first settlement."""
        return self.days[-1] if self.days else None

    @property
    def change(self) -> Decimal | None:
        """What the last day earned or lost, without what was brought in or taken out; None with one day only."""
        if len(self.days) < 2:
            return None
        before, now = self.days[-2:]
        return now.total - before.total - now.moved

    def parts(self) -> list[tuple[Holding, Decimal | None]]:
        """Return each holding with its part of the total; unknown in another currency than yuan."""
        total = self.now.total if self.now else Decimal(0)
        return [
            (row, row.value / total if total > 0 and row.security.currency == "CNY" else None) for row in self.holdings
        ]


def assets(user: User, client: Client, now: datetime) -> Assets | None:
    """Return what a client has; None before the first settlement and for who may not know the amounts."""
    day = ledger.last_day() if access.field_level(user, "assets", now=now) is Level.FULL else None
    if day is None:
        return None
    held = ledger.holdings(client.pk, day)
    products = ProductHolding.objects.filter(client=client.pk, day=day).select_related("product")
    return Assets(
        day=day,
        days=ledger.totals(client.pk, day, days=DAYS),
        holdings=held[:SHOWN],
        count=len(held),
        products=list(products.order_by("-market_value", "pk")),
    )
