"""The product shelf of the sample: five products, one for each risk level."""

from collections.abc import Iterator, Sequence
from datetime import date
from hashlib import sha256

ISSUER, TA_CODE = "示例资管", "99"
# code, name, kind, risk level, least amount, step, term in days, net asset value, investor, cooling-off, fee
Product = tuple[str, str, str, int, str, str, int, str, str, int, str]
PRODUCTS: tuple[Product, ...] = (
    ("D00001", "示例现金增利", "cash", 1, "1000.00", "1.00", 0, "1.0000", "any", 0, "0.001500"),
    ("D00002", "示例稳健债券A", "bond_fund", 2, "100.00", "0.01", 0, "1.0837", "any", 0, "0.003000"),
    ("D00003", "示例均衡混合A", "mixed_fund", 3, "100.00", "0.01", 0, "1.2416", "any", 0, "0.006000"),
    ("D00004", "示例收益凭证", "certificate", 4, "50000.00", "10000.00", 182, "1.0000", "any", 0, "0.000000"),
    ("D00005", "示例远见私募", "private", 5, "1000000.00", "10000.00", 365, "1.1268", "qualified", 24, "0.012000"),
)


def rows(days: Sequence[date], products: Sequence[Product] = PRODUCTS) -> Iterator[dict[str, object]]:
    """Yield the lines of the products file, as they stand on the last trading day."""
    for code, name, kind, level, least, step, term, nav, investor, cooling, fee in products:
        yield {
            "ta_code": TA_CODE, "product_code": code, "as_of": days[-1], "name": name, "kind": kind,
            "issuer": ISSUER, "risk_level": level, "min_amount": least, "step": step, "term_days": term,
            "open_from": days[0], "open_to": None, "nav": nav, "nav_date": days[-2], "status": "on_sale",
            "investor": investor, "cooling_off_hours": cooling, "fee_rate": fee, "doc_version": "v3",
            "doc_sha256": sha256(f"{code} {name} v3".encode()).hexdigest(),
        }  # fmt: skip
