"""Securities and the market they trade on. Identity is (exchange, code), shown `600519.SH`; never the code alone."""

from clients.market.models.days import TradingDay
from clients.market.models.events import SecurityEvent
from clients.market.models.prices import DailyBar, Quote
from clients.market.models.products import Product, ProductNav
from clients.market.models.securities import Board, BoardPrefix, BoardRule, Exchange, Security, SecurityName

__all__ = [
    "Board",
    "BoardPrefix",
    "BoardRule",
    "DailyBar",
    "Exchange",
    "Product",
    "ProductNav",
    "Quote",
    "Security",
    "SecurityEvent",
    "SecurityName",
    "TradingDay",
]
