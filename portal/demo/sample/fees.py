"""What a trade costs: commission at the account's rate, stamp tax on sales, transfer fee on both sides."""

from dataclasses import dataclass
from decimal import Decimal

from clients.shared.money import round_cny
from portal.demo.sample.listing import Listing

MIN_COMMISSION = Decimal("5.00")
STAMP_TAX = Decimal("0.0005")
TRANSFER_FEE = Decimal("0.00001")


@dataclass(frozen=True)
class Fees:
    """The charges of one trade in CNY."""

    commission: Decimal
    stamp_tax: Decimal
    transfer_fee: Decimal

    @property
    def total(self) -> Decimal:
        """The sum of the charges in CNY."""
        return self.commission + self.stamp_tax + self.transfer_fee


def fees(listing: Listing, side: str, amount: Decimal, rate: Decimal) -> Fees:
    """Return the charges of a trade of `amount` CNY; funds pay neither stamp tax nor transfer fee."""
    commission = max(MIN_COMMISSION, round_cny(amount * rate))
    if not listing.stock:
        return Fees(commission, Decimal("0.00"), Decimal("0.00"))
    tax = round_cny(amount * STAMP_TAX) if side == "sell" else Decimal("0.00")
    return Fees(commission, tax, round_cny(amount * TRANSFER_FEE))
