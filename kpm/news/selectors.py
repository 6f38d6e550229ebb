"""Questions about articles."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from kpm.news.models import Article


def naming(symbols: Iterable[str], now: datetime) -> QuerySet[Article]:
    """Return the published articles that name one of these securities (`600519.SH`), in no order."""
    return Article.objects.filter(symbols__overlap=list(symbols), published_at__lte=now)
