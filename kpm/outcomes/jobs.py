"""What the clock starts for outcomes."""

from clients.market.calendar import last_trading_day
from clients.shared import clock
from clients.shared.queue import job
from kpm.outcomes import services
from kpm.outcomes.cases.services.searching import search
from kpm.outcomes.models import CaseSearch
from kpm.strategies.models import BackTest


@job("outcomes.take_stock")
def take_stock(argument: str) -> None:
    """Measure the windows that closed up to the last settled trading day, compare and learn."""
    now = clock.now()
    services.take_stock(day=last_trading_day(now), now=now)


@job("outcomes.judge_rollouts")
def judge_rollouts(argument: str) -> None:
    """Judge the running step of every rollout, when the outcomes of the last settled trading day are there."""
    now = clock.now()
    services.judge_rollouts(day=last_trading_day(now), now=now)


@job("outcomes.base_rate")
def base_rate(argument: str) -> None:
    """Say how often the goal of a back-tested version was reached after its hits, and otherwise."""
    services.write_base_rate(
        test=BackTest.objects.select_related("version__strategy").get(pk=argument), now=clock.now()
    )


@job("outcomes.search_case")
def search_case(argument: str) -> None:
    """Search what the clients of one success case have in common."""
    search(asked=CaseSearch.objects.select_related("case").get(pk=argument), now=clock.now())
