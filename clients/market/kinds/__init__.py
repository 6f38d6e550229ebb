"""The file kinds of the market: securities, bars, quotes, products, security events. Importing this registers them."""

from clients.intake.registry import register
from clients.market.kinds import bars, events, products, quotes, securities

for kind in (securities.KIND, bars.KIND, quotes.KIND, products.KIND, events.KIND):
    register(kind)
