-- Of each client the first transfer of cash or securities to us that stands, and the last payment into a product.
SELECT
    client_id,
    min(funded_on) AS funded_on,
    max(paid_into_product_on) AS paid_into_product_on
FROM (
    SELECT * FROM before
    UNION ALL BY NAME
    SELECT
        client_id,
        min(day) FILTER (WHERE kind IN ('bank_in', 'custody_in')) AS funded_on,
        max(day) FILTER (WHERE kind = 'product_out') AS paid_into_product_on
    FROM live_flows
    GROUP BY client_id
)
GROUP BY client_id
HAVING min(funded_on) IS NOT NULL OR max(paid_into_product_on) IS NOT NULL
