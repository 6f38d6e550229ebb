"""Files of the market, for the tests of its kinds: the same line with some cells changed."""

from tests.clients.intake.lines import BAR, SECURITY

QUOTE = {
    "exchange": "SH",
    "code": "600519",
    "at": "2026-11-20T14:30:00",
    "last": "1451.00",
    "prev_close": "1438.20",
    "volume": "1000",
    "source": "demo",
    "delay_s": "0",
}
PRODUCT = {
    "ta_code": "99",
    "product_code": "D00001",
    "as_of": "2026-11-20",
    "name": "示例现金增利",
    "kind": "cash",
    "issuer": "示例资管",
    "risk_level": "1",
    "min_amount": "1000.00",
    "step": "1.00",
    "term_days": "0",
    "open_from": "",
    "open_to": "",
    "nav": "1.0000",
    "nav_date": "2026-11-19",
    "status": "on_sale",
    "investor": "any",
    "cooling_off_hours": "0",
    "doc_version": "v3",
}

__all__ = ["BAR", "PRODUCT", "QUOTE", "SECURITY"]
