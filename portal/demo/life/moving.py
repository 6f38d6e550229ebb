"""The steps of those who leave for another broker and of those who arrive from one, each with its trace in the files.

leaving   takes money out, changes his bank, withdraws his designation, has his securities transferred, empties the
          account, closes it; whom a strategy helps on the way may stay (`kept` in `tempers.yaml`)
arriving  pays in, has securities transferred here, gives his first orders
"""

from collections.abc import Callable
from decimal import Decimal

from clients.shared.money import round_cny
from portal.demo.life.hands import Hands
from portal.demo.life.moves import ARRIVING, LEAVING, days_since
from portal.demo.life.residents import Resident
from portal.demo.life.temper import HUNDRED, figures
from portal.demo.life.wallet import STAYED, Wallet
from portal.demo.sample.accounts import BANKS
from portal.demo.sample.plans import affordable

FREE_UNTIL = LEAVING.index("out")  # as long as his securities are here he may be kept
BUSY_FROM = LEAVING.index("thinner") + 1  # steps done from which on he does nothing else here


def filled(hands: Hands) -> bool:
    """This will do the steps of his move that fall on the day, and say whether they are all he does."""
    moves = hands.resident.moves
    if moves.leaving_from:
        return _leaving(hands)
    if moves.arriving_from:
        since = days_since(hands.town.prices.days, moves.arriving_from, hands.town.i)
        _steps(hands, ARRIVING, figures()["arriving"], since)
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


def _leaving(hands: Hands) -> bool:
    extra = hands.wallet.extra
    since = days_since(hands.town.prices.days, hands.resident.moves.leaving_from, hands.town.i)
    if since < 0 or extra.step == STAYED:
        return False
    if extra.step <= FREE_UNTIL and hands.resident.moves.firm < int(figures()["kept"]) * hands.pulled // HUNDRED:
        extra.step = STAYED
        hands.wallet.altered = True
        return False
    _steps(hands, LEAVING, figures()["leaving"], since)
    return extra.step >= BUSY_FROM


def _steps(hands: Hands, names: tuple[str, ...], at: dict[str, int], since: int) -> None:
    """Do the next step when its day has come: one a day, so that a thinned past leaves none out."""
    step = hands.wallet.extra.step
    if step < len(names) and since >= at[names[step]]:
        DEEDS[names[step]](hands)
        hands.wallet.extra.step += 1


def _thinner(hands: Hands) -> None:
    for listing, free in hands.free()[:1]:
        hands.sell(listing, free)
    hands.take_out(int(figures()["thinner"]))


def _bank(hands: Hands) -> None:
    if hands.resident.moves.other_bank:
        hands.wallet.bank = BANKS[(BANKS.index(hands.wallet.bank) + 1) % len(BANKS)]
        hands.wallet.altered = True


def _undesignated(hands: Hands) -> None:
    hands.wallet.altered = True


def _out(hands: Hands) -> None:
    wallet = hands.woken()
    hands.redeem_all()
    for listing, held in list(wallet.holdings.items()):
        if held.quantity:
            close = hands.town.prices.close(listing, hands.town.i)
            wallet.custody(listing, -held.quantity, round_cny(held.quantity * close))
    wallet.extra.due.clear()


def _drained(hands: Hands) -> None:
    hands.woken().empty()


def _closed(hands: Hands) -> None:
    hands.woken().empty()
    hands.wallet.altered = True


def _money(hands: Hands) -> None:
    hands.pay_in(Decimal(hands.resident.elsewhere) * int(figures()["moved_in"]["money"]) / HUNDRED)


def _custody(hands: Hands) -> None:
    """Have a few securities of what he may hold transferred here, each for an equal part."""
    wallet, figure = hands.woken(), figures()["moved_in"]
    choices = hands.permitted()
    money = Decimal(hands.resident.elsewhere) * int(figure["custody"]) / HUNDRED / int(figure["names"])
    for listing in hands.rng.sample(choices, min(len(choices), int(figure["names"]))):
        quantity = affordable(listing, money, hands.high(listing))
        if quantity:
            wallet.custody(listing, quantity, round_cny(quantity * hands.town.prices.close(listing, hands.town.i)))
            hands.means_to_hold(listing)


def _first_orders(hands: Hands) -> None:
    hands.buy_for(hands.wallet.cash / 2)


DEEDS: dict[str, Callable[[Hands], None]] = {
    "thinner": _thinner, "bank": _bank, "undesignated": _undesignated, "out": _out, "drained": _drained,
    "closed": _closed, "money": _money, "custody": _custody, "first_orders": _first_orders,
}  # fmt: skip
