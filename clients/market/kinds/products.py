"""Funds and wealth products: the newest line of a product is its present state; any line may bring a net value."""

from clients.intake.checks import Check
from clients.intake.merging import State, begin_changes, changed_lines
from clients.intake.registry import Kind, Merge
from clients.intake.shapes import shape
from clients.market.models import Product, ProductNav

COLUMNS = shape(
    """
    **ta_code**:s10* **product_code**:s20* **as_of**:d* name:s100*
    kind:e*(cash, bond_fund, mixed_fund, equity_fund, certificate, asset_plan, private, wealth, data_service)
    issuer:s100* risk_level:i*(1..5) min_amount:m(0..) step:m(0..) term_days:i(0..) open_from:d open_to:d nav:p(>0)
    nav_date:d status:e*(draft, on_sale, closed, liquidating, matured) investor:e*(any, qualified, professional)
    cooling_off_hours:i(0..) fee_rate:r(0..) doc_version:s20* doc_sha256:s64
    """
)
STATE = State(
    Product,
    key={"ta_code": "s.ta_code", "product_code": "s.product_code"},
    same="as_of name kind issuer risk_level min_amount step term_days open_from open_to status investor "
    "cooling_off_hours fee_rate doc_version doc_sha256",
)
NAV = State(ProductNav, key={"product": "k.id", "day": "s.nav_date"}, same="nav")
NEWEST = """
    (SELECT DISTINCT ON (ta_code, product_code) * FROM intake_good ORDER BY ta_code, product_code, as_of DESC) s
    WHERE NOT EXISTS (SELECT FROM market_product k
        WHERE k.ta_code = s.ta_code AND k.product_code = s.product_code AND k.as_of > s.as_of)
"""
KNOWN = "JOIN market_product k ON k.ta_code = s.ta_code AND k.product_code = s.product_code"
VALUED = f"""
    (SELECT DISTINCT ON (ta_code, product_code, nav_date) * FROM intake_good WHERE nav IS NOT NULL
     ORDER BY ta_code, product_code, nav_date, as_of DESC) s {KNOWN}
"""
MOVED = f"""
    SELECT count(*) FROM {VALUED} CROSS JOIN LATERAL (
        SELECT n.nav FROM market_productnav n WHERE n.product_id = k.id AND n.day < s.nav_date
        ORDER BY n.day DESC LIMIT 1) p WHERE abs(s.nav / p.nav - 1) > 0.2
"""
# A corrected value takes the place of the old row under a new id, so that the mirror to the lake sees it.
CORRECTED = f"""
    DELETE FROM market_productnav n USING {VALUED} WHERE n.product_id = k.id AND n.day = s.nav_date AND n.nav <> s.nav
"""
CHECKS = (
    Check("E_FUTURE", "as_of", "as_of > :today", "{} lies in the future", "as_of"),
    Check("E_FUTURE", "nav_date", "nav_date > :today", "{} lies in the future", "nav_date"),
    Check("E_ORDER", "open_to", "open_to < open_from", "{} lies before open_from", "open_to"),
    Check("E_REQUIRED", "nav_date", "nav IS NOT NULL AND nav_date IS NULL", "a net asset value needs its day"),
    Check(
        "E_ENUM",
        "investor",
        "kind = 'private' AND investor <> 'qualified'",
        "a private fund is for qualified investors",
    ),
    Check(
        "E_RANGE",
        "cooling_off_hours",
        "kind = 'private' AND coalesce(cooling_off_hours, 0) < 24",
        "a private fund has a cooling-off time of at least 24 hours",
    ),
)


def write(merge: Merge) -> int:
    """Bring products and net asset values up to date."""
    begin_changes(merge)
    regraded = f"SELECT count(*) FROM (SELECT s.* FROM {NEWEST}) s {KNOWN} WHERE k.risk_level <> s.risk_level"
    merge.note("risk level changed: clients who hold the product must be matched again", merge.rows(regraded)[0][0])
    merge.note("net asset value moved by more than 20 %", merge.rows(MOVED)[0][0])
    STATE.write(merge, NEWEST)
    merge.run(CORRECTED)
    NAV.write(merge, VALUED)
    return changed_lines(merge)


KIND = Kind(name="products", title="funds and wealth products", columns=COLUMNS, checks=CHECKS, write=write)
