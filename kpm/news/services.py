"""Actions on news: link articles to the securities they name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from clients.market import services as market
from clients.market.models import Security, SecurityEvent, SecurityName
from clients.market.services import Kept, Telling, Told
from clients.shared import clock
from kpm.news.models import Article
from kpm.news.naming import Dictionary, Listing, Naming, Story, links
from kpm.news.rules import rules


@dataclass(frozen=True)
class Linked:
    """How many articles were looked at, and how many events of securities were new or taken back."""

    articles: int = 0
    new: int = 0
    taken_back: int = 0


def link_news(*, now: datetime, again_from: datetime | None = None) -> Linked:
    """This will find the securities that waiting articles name and keep what is told of them as market events.

    An article that another one takes back tells nothing any more. `again_from` looks again at articles published
    since then, when names of securities or the rules have changed. Share by share, each in a transaction of its own:
    what is killed goes on where it stopped; the same articles again change nothing.
    """
    if again_from:
        Article.objects.filter(published_at__gte=again_from).update(linked_at=None)
    if not Article.objects.filter(linked_at=None).exists():
        return Linked()
    dictionary = _dictionary()
    total = Linked()
    while (share := _link_share(dictionary, now)).articles:
        total = Linked(total.articles + share.articles, total.new + share.new, total.taken_back + share.taken_back)
    return total


@transaction.atomic
def _link_share(dictionary: Dictionary, now: datetime) -> Linked:
    """Link the oldest waiting articles. Those that another process holds are its own affair."""
    waiting = Article.objects.filter(linked_at=None).order_by("published_at", "pk")
    share = list(waiting.select_for_update(skip_locked=True)[: rules().at_once])
    gone = _taken_back_by(share)
    reversed_ids = _reversed(share)
    tellings = [_telling(article, frozenset()) for article in gone]
    for article in share:
        tellings.append(_telling(article, frozenset() if article.pk in reversed_ids else _about(article, dictionary)))
    kept = market.keep_tellings(tellings=tellings) if tellings else Kept(0, 0)
    Article.objects.filter(pk__in=[article.pk for article in share]).update(linked_at=now)
    return Linked(len(share), kept.new, kept.taken_back)


def _taken_back_by(share: Sequence[Article]) -> list[Article]:
    """The articles, linked before, that articles of this share take back."""
    pairs = {(article.source, article.reversal_of) for article in share if article.reversal_of}
    linked = Article.objects.filter(linked_at__isnull=False, source_id__in={number for _source, number in pairs})
    return [row for row in linked.select_for_update() if (row.source, row.source_id) in pairs]


def _reversed(share: Sequence[Article]) -> set[int]:
    """The articles of this share that some article takes back."""
    numbers = [article.source_id for article in share]
    pairs = set(Article.objects.filter(reversal_of__in=numbers).values_list("source", "reversal_of"))
    return {article.pk for article in share if (article.source, article.source_id) in pairs}


def _about(article: Article, dictionary: Dictionary) -> frozenset[Told]:
    day = clock.shanghai_day(article.published_at)
    story = Story(article.title, article.body, article.kind, article.symbols, day)
    role = {True: SecurityEvent.Role.SUBJECT, False: SecurityEvent.Role.MENTIONED}
    return frozenset(
        Told(security, kind, role[subject])
        for security, (subject, events) in links(story, dictionary).items()
        for kind in events or [SecurityEvent.Kind.NEWS]
    )


def _telling(article: Article, about: frozenset[Told]) -> Telling:
    return Telling(article.pk, article.source, article.kind, article.rating, article.published_at, about)


def _dictionary() -> Dictionary:
    """All securities with a name that texts use; options and repos are spoken of otherwise."""
    spoken = Security.objects.exclude(type__in=[Security.Type.OPTION, Security.Type.REPO])
    listings = [
        Listing(row.pk, row.exchange_id, row.code, row.type == Security.Type.STOCK, row.delist_date)
        for row in spoken.only("exchange_id", "code", "type", "delist_date")
    ]
    return Dictionary(listings, _namings({listing.id for listing in listings}), rules())


def _namings(known: set[int]) -> Iterable[Naming]:
    """Every name with its days. The present name is one of them; where it is not, it has no known days."""
    names = SecurityName.objects.values_list("security_id", "name", "valid_from", "valid_to")
    dated = {Naming(*row) for row in names if row[0] in known}
    told = {(naming.security, naming.name) for naming in dated}
    present = Security.objects.filter(pk__in=known).values_list("pk", "name")
    return [*dated, *(Naming(*row) for row in present if row not in told)]
