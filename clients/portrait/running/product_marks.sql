-- Of each product that a client holds: since when without a break, the highest value of a share, and how far it fell
-- below that at worst. What was there on the first day that the house knows of was bought at a time nobody told.
-- A day without any row is a day without a file, so it breaks nothing.
WITH told AS (
    SELECT day, row_number() OVER (ORDER BY day) AS number
    FROM (SELECT day FROM rows UNION SELECT max(seen_on) AS day FROM before)
    WHERE day IS NOT NULL
),
held AS (
    SELECT client_id, product_id, day, CAST(market_value / shares AS DECIMAL(18, 6)) AS worth FROM rows
),
states AS (
    SELECT h.client_id, h.product_id, h.day, t.number, h.worth, NULL::DECIMAL(12, 6) AS drawdown, NULL::DATE AS since,
        false AS carried
    FROM held AS h
    JOIN told AS t USING (day)
    UNION ALL
    SELECT b.client_id, b.product_id, b.seen_on, t.number, b.peak, b.drawdown, b.held_since, true
    FROM before AS b
    JOIN told AS t ON t.day = b.seen_on
),
runs AS (
    SELECT *, number - row_number() OVER (PARTITION BY client_id, product_id ORDER BY number) AS run FROM states
),
lasting AS (
    SELECT *, max(worth) OVER (PARTITION BY client_id, product_id, run ORDER BY number) AS peak
    FROM runs
    QUALIFY max(number) OVER (PARTITION BY client_id, product_id, run) = (SELECT max(number) FROM told)
)
SELECT
    client_id,
    product_id,
    CASE
        WHEN bool_or(carried) THEN any_value(since) FILTER (WHERE carried)
        WHEN min(number) > 1 THEN min(day)
    END AS held_since,
    max(day) AS seen_on,
    max(peak) AS peak,
    CAST(greatest(max(drawdown), max(1 - worth / nullif(peak, 0)) FILTER (WHERE NOT carried), 0) AS DECIMAL(12, 6))
        AS drawdown
FROM lasting
GROUP BY client_id, product_id
