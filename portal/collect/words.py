"""What events are called on pages; a name outside the tracking plan stays as it came."""

from django.utils.translation import gettext_lazy as _

EVENTS = {
    "signed_in": _("signed in"),
    "sign_in_locked": _("was locked out"),
    "page_viewed": _("saw a page"),
    "page_left": _("left the page"),
    "page_kept": _("stayed on the page"),
    "holdings_viewed": _("looked at his holdings"),
    "search": _("searched"),
    "stock_viewed": _("saw a security"),
    "security_seen": _("had a security in view"),
    "watchlist_added": _("put a security on the watchlist"),
    "watchlist_removed": _("took a security off the watchlist"),
    "product_viewed": _("saw a product"),
    "checkout_started": _("came to buy a product"),
    "order_submitted": _("sent the order"),
    "margin_page_viewed": _("saw margin trading"),
    "commission_page_viewed": _("saw fees"),
    "lesson_completed": _("finished a lesson"),
    "webinar_registered": _("enrolled for a live session"),
    "webinar_cancelled": _("took the enrolment back"),
    "webinar_joined": _("took part in a live session"),
    "annual_statement_viewed": _("saw a yearly statement"),
    "news_preferences_saved": _("chose what news he wants"),
    "article_viewed": _("read an article"),
    "article_seen": _("had an article in view"),
    "news_push_delivered": _("got a push with news"),
    "news_push_opened": _("opened a push with news"),
    "push_unregistered": _("removed the app"),
}
