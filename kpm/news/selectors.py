"""Questions about articles."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from clients.market.models import SecurityEvent
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
    back = SecurityEvent.objects.filter(article_id=OuterRef("article_id"), reversal_of=OuterRef("event_no"))
    told = SecurityEvent.objects.filter(~Exists(back), article_id__isnull=False, reversal_of="")
    symbol = Concat(F("security__code"), Value("."), F("security__exchange_id"))
    linked = told.alias(symbol=symbol).filter(symbol__in=wanted).values("article_id")
    return standing().filter(Q(symbols__overlap=wanted) | Q(pk__in=linked), published_at__lte=now)
