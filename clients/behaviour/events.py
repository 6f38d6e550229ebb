"""The lake's table of events: what a client, or a visitor nobody knows yet, did on screen, by day of Shanghai.

`PLAN` is the tracking plan: the names of events that features understand. Trackers send these; a tracker that cannot
gets its names added to the meaning.
"""

from dataclasses import dataclass

from clients.lake.registry import MOMENT, declare

TABLE = "events"
SEARCH_EMPTY, FORM_OPENED, FORM_SUBMITTED = "search_empty", "form_opened", "form_submitted"
KEY = ("message_id",)
ORDER = "client_id, message_id"
COLUMNS_OF_LAKE = {
    "day": "DATE",
    "message_id": "VARCHAR",
    "type": "VARCHAR",
    "event": "VARCHAR",
    "client_id": "BIGINT",
    "anonymous_id": "VARCHAR",
    "happened_at": MOMENT,
    "sent_at": MOMENT,
    "channel": "VARCHAR",
    "platform": "VARCHAR",
    "device": "VARCHAR",
    "os": "VARCHAR",
    "browser": "VARCHAR",
    "city": "VARCHAR",
    "region": "VARCHAR",
    "context": "VARCHAR",
    "properties": "VARCHAR",
    "arrived_at": MOMENT,
}
# How each column is read (DuckDB) from a file's event in the shape of the Segment API with its client's surrogate id;
# `agents` says what the User-Agent in its context tells.
FROM_FILE = {
    "day": 'CAST(CAST("timestamp" AS TIMESTAMPTZ) AS DATE)',
    "message_id": '"messageId"',
    "type": "type",
    "event": "event",
    "client_id": "client_id",
    "anonymous_id": '"anonymousId"',
    "happened_at": '"timestamp"',
    "sent_at": '"sentAt"',
    "channel": "json_extract_string(context, '$.channel')",
    "platform": "NULL",
    "device": "coalesce(json_extract_string(context, '$.device.type'), agents.device)",
    "os": "agents.os",
    "browser": "agents.browser",
    "city": "json_extract_string(context, '$.location.city')",
    "region": "NULL",
    "context": "context",
    "properties": "properties",
}


@dataclass(frozen=True)
class Meaning:
    """What an event of the tracking plan tells.

    `names` are the names it comes under (the first is the plan's); `object` is how the thing that it speaks of is read
    (DuckDB), `needs` which properties that takes; `page` is the kind of page that was seen, "" when none was.
    """

    names: tuple[str, ...]
    told: str
    needs: str = ""
    object: str = "NULL"
    page: str = ""

    @property
    def name(self) -> str:
        """The name under which features ask for it."""
        return self.names[0]


def _property(name: str) -> str:
    return f"json_extract_string(properties, '$.{name}')"


SYMBOL = f"upper({_property('symbol')})"
PRODUCT = f"{_property('ta_code')} || '.' || {_property('product_code')}"
FORM = _property("form")
CHECKOUT, ARTICLE = _property("checkout_id"), _property("article_id")
WEBINAR = f"{_property('starts_on')} || '/' || {_property('webinar_id')}"
# Who used which device is all that features ask: a digest says as much as the number that the device gives itself.
DEVICE = "left(md5(json_extract_string(context, '$.device.id')), 16)"

# The tracking plan. Events of other names stay in the lake as they came and mean nothing to the features.
# Properties: symbol as 600519.SH; days as 2026-11-20; results, how many a search found (one that found none means
# search_empty); dwell_ms, how long a page was looked at, on every view, or visible_ms on events that come while it is
# looked at and when it is left, each with the time since the one before.
PLAN = (
    Meaning(("signed_in",), "signed in; the context gives device.id, channel and location.city", "", DEVICE),
    Meaning(("sign_in_locked",), "was locked out after wrong passwords"),
    Meaning(("page_viewed",), "saw a page or screen (events of the types page and screen count as such)"),
    Meaning(("page_left", "page_kept"), "kept a page in sight for visible_ms more", "page", _property("page")),
    Meaning(("holdings_viewed",), "looked at what he holds", page="holdings"),
    Meaning(("search",), "searched; for which security, if for one", "symbol", SYMBOL),
    Meaning((SEARCH_EMPTY,), "searched and found nothing", "symbol", SYMBOL),
    Meaning(("stock_viewed",), "saw the page of a security", "symbol", SYMBOL, "security"),
    Meaning(("watchlist_added",), "put a security on his watchlist", "symbol", SYMBOL),
    Meaning(("watchlist_removed",), "took a security off his watchlist", "symbol", SYMBOL),
    Meaning(("product_viewed",), "saw the page of a product", "ta_code, product_code", PRODUCT, "product"),
    Meaning(("checkout_started",), "came to the page where a product is bought", "checkout_id", CHECKOUT),
    Meaning(("order_submitted",), "sent that order", "checkout_id", CHECKOUT),
    Meaning(("margin_page_viewed",), "saw what margin trading is, or what it costs", page="margin"),
    Meaning(("commission_page_viewed",), "saw commissions and fees", page="fee"),
    Meaning(("service_viewed",), "saw a counter service, by its code", "service", _property("service"), "service"),
    Meaning(("help_viewed",), "looked for help, on which topic", "topic", _property("topic"), "help"),
    Meaning((FORM_OPENED,), "opened a form", "form", FORM),
    Meaning((FORM_SUBMITTED,), "sent that form", "form", FORM),
    Meaning(("lesson_completed",), "finished a lesson of the course for new investors", "lesson", _property("lesson")),
    Meaning(("webinar_registered",), "enrolled for a roadshow or live session", "starts_on, webinar_id", WEBINAR),
    Meaning(("webinar_cancelled",), "took his enrolment back", "starts_on, webinar_id", WEBINAR),
    Meaning(("webinar_joined",), "took part", "starts_on, webinar_id", WEBINAR),
    Meaning(("annual_statement_viewed",), "saw the statement of a year", "year", _property("year")),
    Meaning(("news_preferences_saved",), "chose what news he wants"),
    Meaning(("article_viewed",), "read an article, by the number the house gives it", "article_id", ARTICLE, "news"),
    Meaning(("research_viewed",), "read a research report", "research_id", _property("research_id"), "research"),
    Meaning(("news_push_delivered",), "a push with news reached the device", "push_id", _property("push_id")),
    Meaning(("news_push_opened",), "opened it", "push_id", _property("push_id")),
    Meaning(("push_unregistered",), "the push service says that the app is no longer installed"),
)  # fmt: skip
OTHER_PAGE = "other"
# The kinds of pages by the name of an event, as branches of a CASE.
PAGE_KINDS = " ".join(f"WHEN '{name}' THEN '{one.page}'" for one in PLAN if one.page for name in one.names)

declare(TABLE, COLUMNS_OF_LAKE)
