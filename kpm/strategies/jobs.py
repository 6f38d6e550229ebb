"""What the clock starts for strategies."""

from clients.market.calendar import last_trading_day
from clients.portrait import services as portrait
from clients.shared import clock
from clients.shared.queue import job
from kpm.strategies import services
from kpm.strategies.models import SegmentExport


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


@job("strategies.export_segment")
def export_segment(argument: str) -> None:
    """Make the list of one approved export of a segment."""
    services.make_list(export=SegmentExport.objects.get(pk=argument), now=clock.now())
