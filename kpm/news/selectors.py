"""Questions about articles."""

from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from clients.market.models import Security, SecurityEvent
from kpm.news.models import Article


def standing() -> QuerySet[Article]:
    """Return the articles that no later one of their source takes back."""
    later = Article.objects.filter(source=OuterRef("source"), reversal_of=OuterRef("source_id"))
    return Article.objects.filter(~Exists(later))


def naming(symbols: Iterable[str], now: datetime) -> QuerySet[Article]:
    """Return the published articles about one of these securities (`600519.SH`), in no order.

    Their source says so or their text does; articles that were taken back are left out.
    """
    wanted = list(symbols)
    # Two questions with an index each, put together: asked in one, the table would be read from end to end.
    said = Article.objects.filter(symbols__overlap=wanted).values("pk")
    found = _told().filter(security__in=_securities(wanted)).values("article_id")
    return standing().filter(pk__in=said.union(found), published_at__lte=now)


def symbols_of(articles: Iterable[Article]) -> dict[int, set[str]]:
    """Return by number what each of these articles is about, as its source says and as its text does."""
    about = {article.pk: set(article.symbols) for article in articles}
    symbol = Concat(F("security__code"), Value("."), F("security__exchange_id"))
    for pk, found in _told().filter(article_id__in=about).values_list("article_id", symbol):
        about[pk].add(found)
    return about


def _told() -> QuerySet[SecurityEvent]:
    """What articles report of securities, without what was taken back."""
    back = SecurityEvent.objects.filter(article_id=OuterRef("article_id"), reversal_of=OuterRef("event_no"))
    return SecurityEvent.objects.filter(~Exists(back), article_id__isnull=False, reversal_of="")


def _securities(symbols: list[str]) -> QuerySet[Security]:
    pairs = (symbol.rpartition(".") for symbol in symbols)
    return Security.objects.filter(reduce(or_, (Q(code=code, exchange=at) for code, _dot, at in pairs), Q(pk__in=[])))
