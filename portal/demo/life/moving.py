"""The steps of those who leave for another broker and of those who arrive from one, each with its trace in the files.

leaving   takes money out, changes his bank, withdraws his designation, has his securities transferred, empties the
          account, closes it; whom a strategy helps on the way may stay (`kept` in `tempers.yaml`)
arriving  pays in, has securities transferred here, gives his first orders
"""

from collections.abc import Callable
from decimal import Decimal

from clients.shared.money import round_cny
from portal.demo.life.deeds import Deeds
from portal.demo.life.moves import ARRIVING, LEAVING, days_since
from portal.demo.life.residents import Resident
from portal.demo.life.temper import HUNDRED, figures
from portal.demo.life.wallet import STAYED, Wallet
from portal.demo.sample.accounts import BANKS
from portal.demo.sample.plans import affordable

FREE_UNTIL = LEAVING.index("out")  # as long as his securities are here he may be kept
BUSY_FROM = LEAVING.index("thinner") + 1  # steps done from which on he does nothing else here


def filled(deeds: Deeds) -> bool:
    """This will do the steps of his move that fall on the day, and say whether they are all he does."""
    moves = deeds.resident.moves
    if moves.leaving_from:
        return _leaving(deeds)
    if moves.arriving_from:
        since = days_since(deeds.town.prices.days, moves.arriving_from, deeds.town.i)
        _steps(deeds, ARRIVING, figures()["arriving"], since)
    return False


def closed(resident: Resident, wallet: Wallet) -> bool:
    """Whether he has gone."""
    return resident.moves.leaving_from is not None and wallet.extra.step == len(LEAVING)


def phase(resident: Resident, wallet: Wallet, since: int) -> str:
    """Return `leaving` or `arriving` while his move is under way, `since` trading days after its first sign."""
    if since < 0 or wallet.extra.step == STAYED:
        return ""
    if resident.moves.leaving_from:
        return "leaving"
    return "arriving" if wallet.extra.step < len(ARRIVING) else ""


def _leaving(deeds: Deeds) -> bool:
    extra = deeds.wallet.extra
    since = days_since(deeds.town.prices.days, deeds.resident.moves.leaving_from, deeds.town.i)
    if since < 0 or extra.step == STAYED:
        return False
    if extra.step <= FREE_UNTIL and deeds.resident.moves.firm < int(figures()["kept"]) * deeds.pulled // HUNDRED:
        extra.step = STAYED
        deeds.wallet.altered = True
        return False
    _steps(deeds, LEAVING, figures()["leaving"], since)
    return extra.step >= BUSY_FROM


def _steps(deeds: Deeds, names: tuple[str, ...], at: dict[str, int], since: int) -> None:
    """Do the next step when its day has come: one a day, so that a thinned past leaves none out."""
    step = deeds.wallet.extra.step
    if step < len(names) and since >= at[names[step]]:
        STEPS[names[step]](deeds)
        deeds.wallet.extra.step += 1


def _thinner(deeds: Deeds) -> None:
    for listing, free in deeds.free()[:1]:
        deeds.sell(listing, free)
    deeds.take_out(int(figures()["thinner"]))


def _bank(deeds: Deeds) -> None:
    if deeds.resident.moves.other_bank:
        deeds.wallet.bank = BANKS[(BANKS.index(deeds.wallet.bank) + 1) % len(BANKS)]
        deeds.wallet.altered = True


def _undesignated(deeds: Deeds) -> None:
    deeds.wallet.altered = True


def _out(deeds: Deeds) -> None:
    wallet = deeds.woken()
    deeds.redeem_all()
    for listing, held in list(wallet.holdings.items()):
        if held.quantity:
            close = deeds.town.prices.close(listing, deeds.town.i)
            wallet.custody(listing, -held.quantity, round_cny(held.quantity * close))
    wallet.extra.due.clear()


def _drained(deeds: Deeds) -> None:
    deeds.woken().empty()


def _closed(deeds: Deeds) -> None:
    deeds.woken().empty()
    deeds.wallet.altered = True


def _money(deeds: Deeds) -> None:
    deeds.pay_in(Decimal(deeds.resident.elsewhere) * int(figures()["moved_in"]["money"]) / HUNDRED)


def _custody(deeds: Deeds) -> None:
    """Have a few securities of what he may hold transferred here, each for an equal part."""
    wallet, figure = deeds.woken(), figures()["moved_in"]
    choices = deeds.permitted()
    money = Decimal(deeds.resident.elsewhere) * int(figure["custody"]) / HUNDRED / int(figure["names"])
    for listing in deeds.rng.sample(choices, min(len(choices), int(figure["names"]))):
        quantity = affordable(listing, money, deeds.high(listing))
        if quantity:
            wallet.custody(listing, quantity, round_cny(quantity * deeds.town.prices.close(listing, deeds.town.i)))
            deeds.means_to_hold(listing)


def _first_orders(deeds: Deeds) -> None:
    deeds.buy_for(deeds.wallet.cash / 2)


STEPS: dict[str, Callable[[Deeds], None]] = {
    "thinner": _thinner, "bank": _bank, "undesignated": _undesignated, "out": _out, "drained": _drained,
    "closed": _closed, "money": _money, "custody": _custody, "first_orders": _first_orders,
}  # fmt: skip
