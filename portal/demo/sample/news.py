"""Twenty invented articles about the invented companies, from the last three weeks."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from random import Random

from portal.demo.sample.bars import SUSPENDED_UNTIL, Market
from portal.demo.sample.dice import dice
from portal.demo.sample.listing import BY_KEY, LISTINGS, Listing
from portal.demo.sample.story import GAINER, HEAVY, SUSPENDED

SOURCE, LICENCE = "demo_wire", "demo"
# kind, title, body, rating; {0} and {1} are short names of companies
ARTICLES = (
    ("announcement", "{0}：关于召开业绩说明会的公告", "{0}将以网络方式召开业绩说明会，回答投资者提问。", None),
    ("announcement", "{0}：第三季度报告主要财务数据", "{0}披露季度报告，营业收入与上年同期基本持平。", None),
    ("announcement", "{0}：关于回购公司股份的进展公告", "截至上月末，{0}已按方案回购部分股份。", None),
    ("announcement", "{0}：关于签订日常经营合同的公告", "{0}与客户签订供货合同，履行期为一年。", None),
    ("announcement", "{0}：董事会决议公告", "{0}董事会审议通过关于修订内部制度的议案。", None),
    ("flash", "{0}盘中走强 成交放大", "{0}午后拉升，成交较前一日明显放大。", None),
    ("flash", "{0}早盘小幅回落", "{0}开盘后小幅回落，随后企稳。", None),
    ("flash", "{0}、{1}等多股获资金关注", "{0}与{1}所在板块今日成交活跃。", None),
    ("flash", "{0}：项目按计划推进", "{0}在互动平台表示，在建项目按计划推进。", None),
    ("news", "行业观察：{0}与{1}的两种经营思路", "同处一个周期，{0}重视成本，{1}重视渠道。", None),
    ("news", "{0}新生产线投入运行", "{0}的新生产线近日投入运行，公司称产能将分阶段释放。", None),
    ("news", "走进{0}：一家公司的数字化账本", "记者走访{0}，了解其数字化改造的投入与节省。", None),
    ("news", "{0}与{1}签署合作意向", "双方拟在供应链方面合作，意向书不具法律约束力。", None),
    ("news", "监管部门提示防范非法荐股", "请投资者通过正规渠道获取服务，不轻信收益承诺。", None),
    ("research", "{0}：经营稳健，现金流改善", "{0}的经营现金流有所改善，主要风险为需求不及预期。", "add"),
    ("research", "{0}：短期承压，等待拐点", "受成本影响，{0}短期盈利承压，主要风险为原料价格波动。", "hold"),
    ("research", "{0}深度：份额与价格的平衡", "{0}在份额与价格之间求平衡，主要风险为竞争加剧。", "hold"),
)  # fmt: skip
Article = tuple[datetime, str, str, str, str | None, tuple[Listing, ...]]
STOCKS = tuple(listing for listing in LISTINGS if listing.stock)


def rows(market: Market, seed: int) -> list[dict[str, object]]:
    """Return the articles in the order of time; the last ones are about T."""
    rng = dice(seed, "news")
    told = [*_told(market, rng), *_story(market)]
    told.sort(key=lambda article: article[0])
    return [_row(number, article) for number, article in enumerate(told, 1)]


def _told(market: Market, rng: Random) -> Iterator[Article]:
    for kind, title, body, rating in ARTICLES:
        first, second = rng.sample(STOCKS, 2)
        day = rng.choice(market.days[-15:-1])
        at = datetime.combine(day, time(7, 30)) + timedelta(minutes=rng.randint(0, 720))
        named = tuple(s for s, mark in ((first, "{0}"), (second, "{1}")) if mark in title + body)
        names = (first.name, second.name)
        yield at, kind, title.format(*names), body.format(*names), rating, named


def _story(market: Market) -> Iterator[Article]:
    gainer, heavy, still = BY_KEY[GAINER], BY_KEY[HEAVY], BY_KEY[SUSPENDED]
    today, resumed = market.days[-1], market.days[-SUSPENDED_UNTIL]
    body = f"{gainer.name}今日大涨，成交放大，公司公告称经营正常。"
    yield datetime.combine(today, time(14, 2)), "flash", f"{gainer.name}涨逾7%", body, None, (gainer,)
    title, body = f"{heavy.name}：提示性公告", f"{heavy.name}公告称，经销商大会将于下月召开。"
    yield datetime.combine(today, time(8, 10)), "announcement", title, body, None, (heavy,)
    title, body = f"{still.name}：复牌公告", f"{still.name}筹划的重大事项已终止，股票自今日开市起复牌。"
    yield datetime.combine(resumed, time(8, 0)), "announcement", title, body, None, (still,)


def _row(number: int, article: Article) -> dict[str, object]:
    at, kind, title, body, rating, named = article
    source_id = f"{at:%Y%m%d}-{number:04d}"
    row = {
        "source": SOURCE, "source_id": source_id, "published_at": f"{at.isoformat()}+08:00", "kind": kind,
        "title": title, "body": body, "url": f"https://example.org/a/{source_id}", "lang": "zh",
        "symbols": ";".join(s.symbol for s in named), "rating": rating, "licence": LICENCE,
    }  # fmt: skip
    return {name: value for name, value in row.items() if value not in (None, "")}
