-- Holdings at the close of the day: the largest one with its last closing price, industries, risks, cost, and what
-- they are worth to the client. Of holdings of equal value the smaller symbol leads. `closes` has the bar of each
-- exchange's last trading day.
-- The tax on dividends falls one month and one year after a share was bought; the oldest shares are sold first, so what
-- is held now are those bought last. Shares bought more than a year ago are free of it.
-- reads: clients, holdings, assets, asset_averages, closes, securities, product_worth, asset_marks, bought_days 367, taken_back 1, security_events 400
WITH largest AS (
    SELECT
        client_id,
        sum(market_value) AS position_market_value,
        max(market_value) AS market_value,
        arg_max(security_id, {'value': market_value, 'place': -place}) AS security_id,
        sum(value_of_known_cost) / nullif(greatest(sum(cost), 0), 0) - 1 AS unrealized_pnl_ratio,
        sum(market_value) FILTER (
            WHERE board IN ('star', 'gem', 'bse') OR risk_flag IN ('st', 'star_st', 'delisting') OR type = 'option'
        ) AS risky_value
    FROM holdings
    GROUP BY client_id
),
sectors AS (
    SELECT client_id, max(market_value) AS market_value
    FROM (
        SELECT client_id, industry, sum(market_value) AS market_value
        FROM holdings
        WHERE industry <> ''
        GROUP BY client_id, industry
    )
    GROUP BY client_id
),
products AS (
    SELECT client_id, sum(market_value) FILTER (WHERE risk_level >= 4) AS risky_value
    FROM product_worth
    GROUP BY client_id
),
dividends AS (
    SELECT e.*, s.code || '.' || s.exchange || '/' || e.event_no AS key
    FROM security_events AS e
    JOIN securities AS s ON s.id = e.security_id
    WHERE e.kind = 'dividend' AND e.reversal_of = '' AND coalesce(e.pay_date, e.ex_date) <= data_day()
        AND NOT EXISTS (
            SELECT 1 FROM security_events AS r WHERE r.security_id = e.security_id AND r.reversal_of = e.event_no
        )
),
bought AS (
    SELECT client_id, security_id, day, sum(quantity) AS quantity
    FROM (
        SELECT client_id, security_id, day, quantity FROM bought_days
        UNION ALL
        SELECT client_id, security_id, day, -bought_shares AS quantity FROM taken_back
    )
    SEMI JOIN dividends USING (security_id)
    GROUP BY client_id, security_id, day
),
lots AS (
    SELECT b.*, sum(b.quantity) OVER newer - b.quantity AS bought_later, h.quantity AS held
    FROM bought AS b
    JOIN holdings AS h USING (client_id, security_id)
    WINDOW newer AS (PARTITION BY b.client_id, b.security_id ORDER BY b.day DESC)
),
taxed AS (
    SELECT
        l.client_id,
        CASE
            WHEN data_day() <= l.day + INTERVAL 1 MONTH THEN (l.day + INTERVAL 1 MONTH)::DATE - data_day()
            WHEN data_day() <= l.day + INTERVAL 1 YEAR THEN (l.day + INTERVAL 1 YEAR)::DATE - data_day()
        END AS days_left,
        d.key,
        data_day() - d.announced_on AS age
    FROM lots AS l
    JOIN dividends AS d ON d.security_id = l.security_id AND coalesce(d.record_date, d.ex_date) >= l.day
    WHERE l.quantity > 0 AND l.bought_later < l.held
),
relief AS (
    SELECT client_id, min(days_left) AS days_left, arg_min(key, {'left': days_left, 'age': age, 'key': key}) AS key
    FROM taxed
    WHERE days_left IS NOT NULL
    GROUP BY client_id
),
cleared AS (
    SELECT client_id, data_day() - coalesce(min(o.day), m.held_on + 1) AS days
    FROM asset_marks AS m
    LEFT JOIN open_days AS o ON o.exchange = 'SH' AND o.day > m.held_on
    WHERE m.held_on < data_day()
    GROUP BY client_id, m.held_on
)
SELECT
    client_id,
    (coalesce(l.risky_value, 0) + coalesce(p.risky_value, 0)) / nullif(a.total, 0) AS high_risk_holding_ratio,
    l.position_market_value,
    greatest(b.sh_20td, b.sz_20td) AS market_value_avg_20td,
    l.unrealized_pnl_ratio,
    s.name AS top1_security_name,
    l.market_value / nullif(a.total, 0) AS top1_position_ratio,
    i.market_value / nullif(l.position_market_value, 0) AS top1_sector_ratio,
    c.pct_chg AS top1_pct_chg_1d,
    c.limit_status AS top1_limit_status,
    e.days AS days_since_position_cleared,
    r.days_left AS dividend_tax_relief_days_left,
    s.code || '.' || s.exchange AS top1_security_name__key,
    top1_security_name__key AS top1_position_ratio__key,
    top1_security_name__key AS top1_pct_chg_1d__key,
    top1_security_name__key AS top1_limit_status__key,
    r.key AS dividend_tax_relief_days_left__key
FROM clients
LEFT JOIN largest AS l USING (client_id)
LEFT JOIN securities AS s ON s.id = l.security_id
LEFT JOIN assets AS a USING (client_id)
LEFT JOIN asset_averages AS b USING (client_id)
LEFT JOIN sectors AS i USING (client_id)
LEFT JOIN products AS p USING (client_id)
LEFT JOIN closes AS c ON c.security_id = l.security_id
LEFT JOIN cleared AS e USING (client_id)
LEFT JOIN relief AS r USING (client_id)
