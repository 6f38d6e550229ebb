-- What each client held of a product at the close of a day, over all his accounts.
SELECT
    day,
    client_id,
    product_id,
    sum(shares) AS shares,
    sum(cost) AS cost,
    sum(market_value) AS market_value,
    max(arrived_at) AS arrived_at
FROM product_holdings
WHERE shares > 0
GROUP BY day, client_id, product_id
