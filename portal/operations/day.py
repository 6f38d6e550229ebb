"""One business day as a list of steps, the same functions that beat's jobs call.

Every step is idempotent: killed anywhere and run again, the day ends the same.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from advisory.dispatch import services as dispatch
from clients.ledger import services as ledger
from clients.market.calendar import calendar
from clients.org import pools
from clients.portrait import services as portrait
from clients.portrait.selectors import failed_groups, failed_traits, kept_groups
from clients.shared import clock
from kpm.news import services as news
from kpm.outcomes import services as measuring
from kpm.strategies import services as strategies
from portal.collect import again, compaction


@dataclass(frozen=True)
class Step:
    """One step: its fixed name, and what it does for (day, now); the answer is one line for the operator.

    A step `by_arrival` is told as `now` the moment up to which rows must have arrived to be seen.
    """

    name: str
    do: Callable[[date, datetime], str]
    by_arrival: bool = False


def link(day: date, now: datetime) -> str:
    """Keep what new articles tell of securities, so that features of the day know it."""
    done = news.link_news(now=now)
    return f"{done.articles:,} articles, {done.new:,} new events"


def mirror(day: date, now: datetime) -> str:
    """Copy the day's new rows of the record into the lake."""
    rows = portrait.mirror_day(day=day, cutoff=now)
    return f"{sum(rows.values()):,} rows in {len(rows)} tables"


def capture(day: date, now: datetime) -> str:
    """Take what clients did on screen into the lake, with whose histories and visits it is."""
    again.bring(now=now)
    done = compaction.settle(now=now)
    dead = f", {done.dead:,} dead letters" if done.dead else ""
    return f"{done.events:,} events{dead}"


def features(day: date, now: datetime) -> str:
    """Compute the features of every client; groups whose file fails are named."""
    version = portrait.compute_features(day=day, cutoff=now)
    return "; ".join([f"version {version}", *failed_groups(day).values(), *kept_groups(day).values()])


def traits(day: date, now: datetime) -> str:
    """Conclude what kind of a client each one is; traits that fail are named."""
    version = portrait.update_traits(day=day, cutoff=now)
    return "; ".join([f"version {version}", *failed_traits(day).values()])


def capacity(day: date, now: datetime) -> str:
    """Write what people can take on the next trading day, when the work of this day's data is done."""
    budgets = dispatch.write_budgets(day=calendar().shift(day, 1))
    people = [room for name, room in budgets.items() if name.startswith(pools.PERSON)]
    return f"{len(people)} people, {sum(people):,} tasks"


def gates(day: date, now: datetime) -> str:
    """Store what the gates ask of every client beside the features, so that previews need not ask the record."""
    return f"{strategies.write_gates(day=day, now=now):,} clients"


def match(day: date, now: datetime) -> str:
    """Match all live strategies, judge, publish the run and its funnel."""
    run = strategies.run_slot(day=day, now=now)
    return f"attempt {run.attempt} {run.state}"


def deliver(day: date, now: datetime) -> str:
    """Turn hits into messages, reminders and tasks."""
    counts = dispatch.deliver_pending(now=now)
    followed = dispatch.follow_up(now=now).get("made", 0)
    counts |= {"task after a message": followed} if followed else {}
    return ", ".join(f"{n} {what}" for what, n in sorted(counts.items())) or "nothing new"


def outcomes(day: date, now: datetime) -> str:
    """Measure what came of hits whose window has closed, compare the arms, and sum what clients paid."""
    stock = measuring.take_stock(day=day, now=now)
    ledger.sum_commission(day=day)
    corrected = f", {stock.measured.corrected:,} corrected" if stock.measured.corrected else ""
    stopped = f", {stock.stopped:,} stopped for harm" if stock.stopped else ""
    return f"{stock.measured.new:,} measured{corrected}, {stock.effects:,} effects changed{stopped}"


def rollouts(day: date, now: datetime) -> str:
    """Judge the running step of every rollout, and do what follows."""
    judged = Counter(judgement.answer for judgement in measuring.judge_rollouts(day=day, now=now))
    return ", ".join(f"{n} {answer}" for answer, n in sorted(judged.items())) or "nothing is being rolled out"


def prune(day: date, now: datetime) -> str:
    """Drop daily state that the lake holds from the record."""
    done = ledger.prune_daily_state(day=day, now=now)
    stays = f"; not in the lake whole, so kept: {', '.join(sorted(done.kept))}" if done.kept else ""
    return f"{done.rows:,} rows of older days{stays}"


STEPS = [
    Step("link", link),
    Step("mirror", mirror, by_arrival=True),
    Step("capture", capture, by_arrival=True),
    Step("features", features, by_arrival=True),
    Step("traits", traits, by_arrival=True),
    Step("capacity", capacity),
    Step("gates", gates),
    Step("match", match),
    Step("deliver", deliver),
    Step("outcomes", outcomes, by_arrival=True),
    Step("rollouts", rollouts),
    Step("prune", prune),
]


def live(day: date, now: datetime, *, elsewhere: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    """Run the steps of `day` one after the other; yields each step's name and its line when it is done.

    `now` is when the work of the day is done; it may lie in the past where days are lived again. The record notes every
    arrival by its own clock, so the moment up to which rows are seen is read from it, after the first step has written.
    Steps named in `elsewhere` are told with an empty line when it is their turn; the caller sees to it that they are
    done before the day is.
    """
    seen: datetime | None = None
    for step in STEPS:
        if step.by_arrival:
            seen = seen or clock.now()
        at = seen if step.by_arrival and seen else now
        yield step.name, "" if step.name in elsewhere else step.do(day, at)
