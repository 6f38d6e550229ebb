"""What the clock starts for strategies."""

from clients.market.calendar import last_trading_day
from clients.portrait import services as portrait
from clients.shared import clock
from clients.shared.queue import job
from kpm.strategies import services
from kpm.strategies.backtesting import services as backtesting
from kpm.strategies.models import BackTest, SegmentExport
from kpm.strategies.models.runs import IN_SESSION, PRE_OPEN
from kpm.strategies.session import in_session


@job("strategies.run_slot")
def run_slot(argument: str) -> None:
    """Mirror, compute features and run one slot (default after settlement) for the last trading day."""
    now = clock.now()
    day = last_trading_day(now)
    portrait.mirror_day(day=day, cutoff=now)
    portrait.compute_features(day=day, cutoff=now)
    portrait.update_traits(day=day, cutoff=now)
    services.write_gates(day=day, now=now)
    services.run_slot(day=day, slot=argument or services.AFTER_SETTLEMENT, now=now)


@job("strategies.run_event")
def run_event(argument: str) -> None:
    """Run the event slot for the clients of whom something new has arrived."""
    services.run_within_the_day(now=clock.now())


@job("strategies.run_morning")
def run_morning(argument: str) -> None:
    """Run a slot of the morning (default before the opening) for everybody, on last night and what came since."""
    services.run_morning(slot=argument or PRE_OPEN, now=clock.now())


@job("strategies.run_in_session")
def run_in_session(argument: str) -> None:
    """While the exchanges trade, run the slot of the session for the clients of whom something new has arrived."""
    now = clock.now()
    if in_session(now):
        services.run_within_the_day(slot=IN_SESSION, now=now)


@job("strategies.export_segment")
def export_segment(argument: str) -> None:
    """Make the list of one approved export of a segment."""
    services.make_list(export=SegmentExport.objects.get(pk=argument), now=clock.now())


@job("strategies.escalate_holds")
def escalate_holds(argument: str) -> None:
    """Escalate held risk and regulatory hits that nobody looks into in time."""
    services.escalate(now=clock.now())


@job("strategies.backtest")
def backtest(argument: str) -> None:
    """Make one back-test that somebody asked for."""
    backtesting.perform(test=BackTest.objects.select_related("version__strategy").get(pk=argument), now=clock.now())
