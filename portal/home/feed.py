"""The news page: messages about news and articles that name what a client holds, as one list, newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, F, QuerySet, Value

from advisory.inbox import selectors as inbox
from advisory.inbox.models import Message
from clients.ledger import selectors as ledger
from clients.org.models import User
from clients.register.models import Client
from kpm.news import selectors as news
from kpm.news.models import Article
from kpm.strategies.models import Strategy

ABOUT_NEWS = Strategy.Business.NEWS  # the business line of strategies whose messages are about news
MESSAGE, ARTICLE = "message", "article"
COLUMNS = ("at", "kind", "pk")
Key = tuple[datetime, str, int]
Names = Mapping[str, str]


@dataclass(frozen=True)
class Item:
    """One line of the page: a message, or an article with the names of what the client holds of it."""

    at: datetime
    message: Message | None = None
    article: Article | None = None
    held: tuple[str, ...] = ()


def held(client: Client) -> dict[str, str]:
    """Return what a client held on the last settled day: symbol and name, the largest first."""
    last = ledger.last_day()
    rows = ledger.holdings(client.pk, last) if last else []
    return {row.security.symbol: row.security.name for row in rows}


def keys(user: User, names: Names, now: datetime) -> QuerySet[Any, Any]:
    """Return moment, kind and number of everything on the page, newest first; to be cut into pages."""
    told = inbox.messages_of(user, now).filter(hit__version__strategy__business=ABOUT_NEWS).order_by()
    messages = told.annotate(at=F("created_at"), kind=_constant(MESSAGE)).values_list(*COLUMNS)
    named = news.naming(names, now).annotate(at=F("published_at"), what=_constant(ARTICLE))
    articles = named.values_list("at", "what", "pk")
    return messages.union(articles, all=True).order_by("-at", "kind", "-pk")


def items(user: User, names: Names, page: Sequence[Key], now: datetime) -> list[Item]:
    """Return the lines of one page of `keys`."""
    messages = inbox.messages_of(user, now).in_bulk([pk for _at, kind, pk in page if kind == MESSAGE])
    articles = news.naming(names, now).in_bulk([pk for _at, kind, pk in page if kind == ARTICLE])
    about = news.symbols_of(articles.values())
    return [
        Item(at, message=messages[pk])
        if kind == MESSAGE
        else Item(at, article=articles[pk], held=_of(about[pk], names))
        for at, kind, pk in page
    ]


def _of(symbols: set[str], names: Names) -> tuple[str, ...]:
    return tuple(name for symbol, name in names.items() if symbol in symbols)


def _constant(text: str) -> Value:
    return Value(text, output_field=CharField())
