"""What happened to the securities of the sample: the suspension of the story and the dividends that clients got."""

from collections.abc import Iterator

from portal.demo.sample.bars import SUSPENDED_FROM, SUSPENDED_UNTIL, Market
from portal.demo.sample.branch import paying
from portal.demo.sample.listing import BY_KEY, Listing
from portal.demo.sample.story import SUSPENDED

AHEAD = 5  # trading days from the announcement of a dividend to its ex-date


def rows(market: Market) -> Iterator[dict[str, object]]:
    """Yield the lines of the security_events file: what was announced first comes first."""
    days = market.days
    still, first, back = BY_KEY[SUSPENDED], days[-SUSPENDED_FROM], days[-SUSPENDED_UNTIL]
    found = [
        _row(still, "suspend", days[-SUSPENDED_FROM - 1], ex_date=first, last_day=days[-SUSPENDED_UNTIL - 1]),
        _row(still, "resume", days[-SUSPENDED_UNTIL - 1], ex_date=back),
    ]
    for i, day in enumerate(days):
        paid = {"ex_date": day, "record_date": days[i - 1], "pay_date": day}
        found += [
            _row(listing, "dividend", days[max(0, i - AHEAD)], **paid, value=listing.dividend)
            for listing in paying(i, len(days))
        ]
    yield from sorted(found, key=lambda row: (str(row["announced_on"]), str(row["event_no"])))


def _row(listing: Listing, kind: str, announced: object, **columns: object) -> dict[str, object]:
    known = {"ex_date": None, "record_date": None, "pay_date": None, "last_day": None, "value": None, "price": None}
    return {
        "exchange": listing.exchange, "code": listing.code, "event_no": f"{kind}-{announced:%Y%m%d}-{listing.code}",
        "kind": kind, "announced_on": announced, **known, **columns, "note": "",
    }  # fmt: skip
