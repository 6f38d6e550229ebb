"""What a client picks among securities and products: his temper, seen through a good deal of chance."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from random import Random

from portal.demo.life.prices import Prices
from portal.demo.life.temper import Temper, says, shows
from portal.demo.sample.listing import Listing

THIRDS, OWN_ORDERS = 3, 8
SORTS = {"fund": ("D00002", "D00003"), "wealth": ("D00006",), "cash": ("D00001",), "stock": ("D00003",)}
GOALS = {"liquidity": "D00001", "income": "D00002", "growth": "D00003", "retirement": "D00006", "education": "D00003"}


def bought(temper: Temper, choices: Sequence[Listing], prices: Prices, i: int, rng: Random) -> Listing:
    """Return what he buys on trading day `i`; there must be a choice."""
    if temper.products == "fund" and says(rng, "products"):
        choices = _those(choices, lambda one: not one.stock)
    choices = liked(temper, choices, rng)
    if says(rng, "style"):
        choices = _of_his_style(temper, choices, prices, i)
    if says(rng, "risk"):
        choices = _of_his_risk(temper, choices)
    return rng.choice(choices)


def liked(temper: Temper, choices: Sequence[Listing], rng: Random) -> Sequence[Listing]:
    """Return those of his industry when it shows this time, else all."""
    if temper.industry and says(rng, "industry"):
        return _those(choices, lambda one: one.industry == temper.industry)
    return choices


def meant(temper: Temper, rng: Random) -> int:
    """Return for how many trading days he means to hold what he buys now."""
    held = shows()["held"]
    return rng.randint(*held[temper.horizon if says(rng, "horizon") else rng.choice(sorted(held))])


def channels(temper: Temper) -> tuple[str, ...]:
    """Return the channels that he trades by, drawn from: mostly his own; orders are not taken by WeChat."""
    own = "app" if temper.platform == "wechat" else temper.platform
    return (*[own] * OWN_ORDERS, "app", "phone")


def start(temper: Temper) -> tuple[Decimal, Decimal]:
    """Return the parts of his assets that he begins with in securities and in products."""
    stocks, products = shows()["split"][temper.products]
    more = int(shows()["invested"][temper.risk_appetite])
    return Decimal(max(0, stocks + more)) / 100, Decimal(products) / 100


def sorts(temper: Temper, rng: Random) -> Sequence[str]:
    """Return the codes of the products that he thinks of this time."""
    if says(rng, "products"):
        return SORTS[temper.products]
    if says(rng, "goal"):
        return (GOALS[temper.goal],)
    return tuple(sorted(set(GOALS.values())))


def _of_his_style(temper: Temper, choices: Sequence[Listing], prices: Prices, i: int) -> Sequence[Listing]:
    if temper.style == "income":
        return _those(choices, lambda one: not one.stock or one.dividend != "0")
    if temper.style == "mixed":
        return choices
    ordered = sorted(choices, key=lambda one: (_rise(prices, one, i), one.symbol), reverse=temper.style == "chaser")
    return ordered[: -(-len(ordered) // THIRDS)]


def _of_his_risk(temper: Temper, choices: Sequence[Listing]) -> Sequence[Listing]:
    ordered = sorted(choices, key=lambda one: (one.swing, one.symbol))
    third = -(-len(ordered) // THIRDS)
    if temper.risk_appetite == "medium":
        return ordered[third : 2 * third] or ordered
    return ordered[:third] if temper.risk_appetite == "low" else ordered[-third:]


def _rise(prices: Prices, listing: Listing, i: int) -> float:
    before = prices.bar(listing, max(0, i - 1 - int(shows()["lately"]))).close
    return prices.bar(listing, max(0, i - 1)).close / before


def _those(choices: Sequence[Listing], fit: Callable[[Listing], bool]) -> Sequence[Listing]:
    """Those that fit; all when none does."""
    return [one for one in choices if fit(one)] or choices
