"""What the clock starts for news."""

from clients.shared import clock
from clients.shared.queue import job
from kpm.news import services


@job("news.match")
def match(_argument: str) -> None:
    """Link waiting articles to the securities they name."""
    services.link_news(now=clock.now())
