"""The file kinds of the market: securities, bars, quotes, products. Importing this registers them."""

from clients.intake.registry import register
from clients.market.kinds import bars, products, quotes, securities

for kind in (securities.KIND, bars.KIND, quotes.KIND, products.KIND):
    register(kind)
