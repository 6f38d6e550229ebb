"""What somebody looks at in a visit, and what such an event says of it (names of the tracking plan)."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from random import Random

from portal.demo.life import taste
from portal.demo.life.temper import Temper, chosen, says, shows
from portal.demo.life.tidings import ARTICLES_A_DAY
from portal.demo.life.world import Household, World
from portal.demo.sample.news import SOURCE
from portal.demo.sample.products import TA_CODE

MOVED_BY = ("information", "price_sensitivity", "margin", "products", "goal")  # traits that add to the weights
LESSONS, ARTICLE_DAYS, MOST_FOUND = 10, 5, 12
TOPICS = ("login", "permissions", "transfer", "regular_plan", "pension", "dividends")
SERVICES = ("suit.assess", "data.id_expiry", "acct.ta", "perm.gem", "perm.star", "perm.repo", "cash.transfer")
OF_GOAL = {  # help topic and counter service
    "liquidity": ("transfer", "cash.transfer"), "income": ("dividends", "perm.repo"),
    "growth": ("permissions", "perm.gem"), "retirement": ("pension", "acct.pension"),
    "education": ("regular_plan", "acct.ta"),
}  # fmt: skip
OF_PHASE = {
    "leaving": ("closing", ("acct.close", "acct.designate", "acct.custody_out", "cash.change_bank")),
    "arriving": ("moving_in", ("cash.bind", "acct.attach_holder", "acct.designate")),
}
FORMS = ("suit.assess", "data.id_expiry", "perm.gem", "acct.open_margin")
Facts = dict[str, object]


class Views:
    """What one client looks at in one visit; `phase` is where he stands in a move to or from another broker."""

    def __init__(self, world: World, one: Household, day: date, phase: str, rng: Random) -> None:
        self.world, self.one, self.day, self.phase, self.rng = world, one, day, phase, rng
        self.temper = one.resident.temper

    def pages(self) -> Iterator[tuple[str, Facts]]:
        """Yield (name, properties) of each event of the visit, in their order."""
        weights = _weights(self.temper, self.phase)
        for _ in range(self.rng.randint(*shows()["pages"][self.temper.information])):
            name = chosen(self.rng, weights)
            yield name, self._about(name) | {"dwell_ms": self._dwell()}
        yield from self._form()

    def _form(self) -> Iterator[tuple[str, Facts]]:
        if not says(self.rng, "form"):
            return
        form: Facts = {"form": self._service() if self.phase else self.rng.choice(FORMS)}
        yield "form_opened", form
        if self.phase != "leaving" and says(self.rng, "form_sent"):
            yield "form_submitted", form

    def _dwell(self) -> int:
        drawn = self.rng.randint(*shows()["dwell_ms"])
        return drawn * int(shows()["dwell"][self.temper.information]) // 100

    def _about(self, name: str) -> Facts:
        match name:
            case "stock_viewed" | "watchlist_added":
                return {"symbol": self._symbol()}
            case "search":
                found = 0 if says(self.rng, "nothing_found") else self.rng.randint(1, MOST_FOUND)
                return {"symbol": self._symbol(), "results": found}
            case "product_viewed":
                return {"ta_code": TA_CODE, "product_code": self.rng.choice(taste.sorts(self.temper, self.rng))}
            case "article_viewed" | "research_viewed":
                return {"article_id" if name == "article_viewed" else "research_id": self._article()}
            case "service_viewed":
                return {"service": self._service()}
            case "help_viewed":
                return {"topic": self._topic()}
            case "lesson_completed":
                return {"lesson": str(self.rng.randint(1, LESSONS))}
            case "annual_statement_viewed":
                return {"year": str(self.world.days[0].year)}
        return {}

    def _symbol(self) -> str:
        """Of his industry, else what he holds, else any."""
        every = self.world.prices.listings
        choices = taste.liked(self.temper, every, self.rng)
        held = [s for s, h in self.one.wallet.holdings.items() if h.quantity and self.rng.randrange(2)]
        return self.rng.choice(held if held and choices is every else choices).symbol

    def _article(self) -> str:
        at = self.world.prices.index[self.day] - self.rng.randrange(ARTICLE_DAYS)
        return f"{SOURCE}:{self.world.days[max(0, at)]:%Y%m%d}-{self.rng.randint(1, ARTICLES_A_DAY)}"

    def _service(self) -> str:
        if self.phase:
            return self.rng.choice(OF_PHASE[self.phase][1])
        return OF_GOAL[self.temper.goal][1] if says(self.rng, "goal") else self.rng.choice(SERVICES)

    def _topic(self) -> str:
        if self.rng.randrange(100) < int(shows()["help_of_fees"][self.temper.price_sensitivity]):
            return "fees"
        if self.phase:
            return OF_PHASE[self.phase][0]
        return OF_GOAL[self.temper.goal][0] if says(self.rng, "goal") else self.rng.choice(TOPICS)


@lru_cache(maxsize=4096)
def _weights(temper: Temper, phase: str) -> Mapping[str, int]:
    """How often somebody of this temper looks at each kind of page."""
    views = shows()["views"]
    found = dict(views["base"])
    added = [views[trait].get(getattr(temper, trait), {}) for trait in MOVED_BY]
    for more in (*added, views.get(phase, {})):
        for name, weight in more.items():
            found[name] += weight
    return found
