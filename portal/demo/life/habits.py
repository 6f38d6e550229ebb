"""What one client does with his money on one day: chance, his kind (`figures.yaml`) and his temper (`tempers.yaml`)."""

from decimal import Decimal
from random import Random

from portal.demo.life import moving, taste
from portal.demo.life.deeds import MOST_TRADES, Deeds, Town
from portal.demo.life.figures import figures
from portal.demo.life.residents import Resident
from portal.demo.life.temper import HUNDRED, says, shows
from portal.demo.life.wallet import Loan, Wallet
from portal.demo.sample.plans import affordable

THOUSAND, FIRST_BUYS = 1000, 3


class Day(Deeds):
    """One client's day; `gap` is how many trading days it stands for (a thinned past stands for several)."""

    def __init__(self, resident: Resident, wallet: Wallet, town: Town, rng: Random, gap: int = 1) -> None:
        super().__init__(resident, wallet, town, rng)
        self.gap = gap

    def live(self) -> None:
        """Do what the dice say: money in, products, trades, money out, in the order of the day."""
        self._dividends()
        if moving.filled(self):
            return
        manner, temper = self.resident.manner, self.resident.temper
        self._save()
        if self._says(manner.pay_in, "pay_in"):
            self.pay_in(Decimal(self.resident.assets) * self.rng.randint(2, 12) / 100)
            self.to_the_shelf()
        if manner.trade:
            self.sell_what_is_due()
        if self._says(manner.trade, "trade"):
            self.trade()
        if self._says(manner.pay_out * int(shows()["pay_out"].get(temper.goal, HUNDRED)) // HUNDRED, ""):
            self.take_out(self.rng.randint(10, 50))

    def settle_in(self) -> None:
        """Bring the first money and lay it out as people of his temper do."""
        names, assets = min(self.resident.manner.names, FIRST_BUYS), Decimal(self.resident.assets)
        stocks, products = taste.start(self.resident.temper)
        self.pay_in(assets)
        for _ in range(names):
            self.buy_for(assets * stocks / names)
        self.subscribe(assets * products)

    def trade(self) -> None:
        """Buy, day traders two or three times; what is sold and when was decided when it was bought."""
        for _ in range(self.rng.randint(1, 3) if self.resident.kind == "trader" else 1):
            if not self._tired() and says(self.rng, "bought"):
                self.buy_for(self.woken().cash * self.rng.randint(20, 60) / 100)

    def sell_what_is_due(self) -> None:
        """Sell what has been held for as long as he meant to, most of it on the first day on which it could be."""
        due = self.wallet.extra.due
        ripe = [(s, free) for s, free in self.free() if due.get(s.symbol, 0) <= self.town.i]
        for listing, free in ripe:
            if says(self.rng, "sold") and not self._tired():
                self.sell(listing, free)
                if says(self.rng, "reinvested"):
                    self.buy_for(self.wallet.trades[-1].net)

    def to_the_shelf(self) -> None:
        """Put a part of the cash into a product, where that is his way."""
        _stocks, products = taste.start(self.resident.temper)
        if self.rng.randrange(HUNDRED) < products * HUNDRED:
            self.subscribe(self.wallet.cash * self.rng.randint(30, 70) / 100)

    def collateral(self) -> None:
        """Lay most of the cash out in two securities."""
        for _ in range(2):
            self.buy_for(self.wallet.cash * 45 / 100)

    def borrow(self) -> None:
        """Buy on credit for a part of the collateral; up to three contracts."""
        wallet = self.woken()
        choices = [s for s in self.within_reach() if s.margin]
        if not choices:  # real bars say nothing of margin trading
            return
        listing = self.rng.choice(choices)
        money = Decimal(self.resident.assets) * self.rng.randint(15, 30) / 100
        quantity = affordable(listing, money, self.high(listing))
        if quantity:
            trade = wallet.buy(listing, quantity, self.price(listing), "credit_buy")
            number = f"M{self.today():%Y%m%d}{wallet.account[-6:]}{len(wallet.extra.loans) + 1}"
            wallet.extra.loans.append(Loan(number, listing.symbol, self.today(), trade.net, quantity))

    def _tired(self) -> bool:
        return len(self.woken().trades) >= MOST_TRADES

    def _dividends(self) -> None:
        """Receive what paid out since the day before in the files."""
        for listing, held in list(self.wallet.holdings.items()):
            if held.quantity and self.town.prices.pays(listing, self.town.i, self.gap):
                self.woken().dividend(listing, held.quantity)

    def _save(self) -> None:
        """Pay in the monthly sum of somebody who saves for an aim, on the first trading day of a month."""
        share, i, days = shows()["saves"].get(self.resident.temper.goal, 0), self.town.i, self.town.prices.days
        if i and days[i].month != days[i - 1].month and self.resident.number % HUNDRED < share:
            self.pay_in(Decimal(self.resident.assets) * int(shows()["saving"]) / THOUSAND)

    def _says(self, chance: int, reaction: str) -> bool:
        more = int(figures()["reaction"][reaction]) * self.pulled // 100 if reaction else 0
        quiet = 1 - (chance + more) / THOUSAND
        return self.rng.random() > quiet**self.gap
