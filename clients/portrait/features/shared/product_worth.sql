-- The products that a client holds at the close of the day, with what the shelf says of them. Without a file of the
-- day there are none. A product with a term ends so many days after its subscription closed; one that is always open
-- runs for each client from the day on which he bought it, which is unknown where he had it before the house did.
-- reads: product_days, product_marks, products
SELECT
    d.client_id,
    d.product_id,
    d.market_value,
    d.cost,
    m.drawdown,
    p.risk_level,
    p.status,
    p.raised_on,
    p.liquidating_on,
    CASE WHEN p.open_from <= data_day() AND p.open_to >= data_day() THEN p.open_to END AS closes_on,
    CASE WHEN p.term_days > 0 THEN coalesce(p.open_to, m.held_since) + p.term_days END AS matures_on
FROM product_days AS d
JOIN products AS p ON p.id = d.product_id
LEFT JOIN product_marks AS m USING (client_id, product_id)
