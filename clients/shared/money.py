"""Money in CNY: two places, half-even, in one place. Prices and limits have rules of their own in `market`."""

from decimal import ROUND_HALF_EVEN, Decimal

CENT = Decimal("0.01")


def round_cny(amount: Decimal) -> Decimal:
    """Round an amount in CNY to fen, half to even."""
    return amount.quantize(CENT, rounding=ROUND_HALF_EVEN)


def to_fen(amount: Decimal) -> int:
    """Return an amount in CNY as whole fen; raises ValueError when it has a fraction of a fen."""
    fen = amount * 100
    if fen != fen.to_integral_value():
        raise ValueError(f"{amount} CNY has a fraction of a fen")
    return int(fen)


def from_fen(fen: int) -> Decimal:
    """Return whole fen as an amount in CNY with two places."""
    return (Decimal(fen) / 100).quantize(CENT)
