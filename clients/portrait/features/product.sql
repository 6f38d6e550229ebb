-- Products of the OTC market: what is held, what ends or opens soon, what was bought and given back.
-- Purchases are executions of OTC securities; which product one is of, its code tells. The house knows of no
-- professional investors yet, so everybody counts as an ordinary one.
-- A feature of one product has as key the product's number, one of a purchase that of the execution.
-- reads: clients, product_worth, assets, product_days 8, trade_totals, traded 30, live_trades 7, live_flows 3, securities, products, assessments
WITH ranked AS (
    SELECT
        w.*,
        w.risk_level > a.level AND w.raised_on > prev_day() AND w.raised_on <= data_day() AS raised_above,
        w.liquidating_on > prev_day() AND w.liquidating_on <= data_day() AS liquidating
    FROM product_worth AS w
    LEFT JOIN assessments AS a ON a.client_id = w.client_id AND a.valid_to >= data_day()
),
worth AS (
    SELECT
        client_id,
        sum(market_value) AS product_holding_value,
        max(market_value) / nullif(sum(market_value), 0) AS top1_product_ratio,
        sum(market_value) FILTER (WHERE cost IS NOT NULL) / nullif(sum(cost), 0) - 1 AS product_pnl_ratio,
        max(drawdown) AS product_drawdown_max,
        min(matures_on) FILTER (WHERE matures_on >= data_day()) AS matures_on,
        min(closes_on) AS closes_on,
        count(*) FILTER (WHERE raised_above) AS raised,
        count(*) FILTER (WHERE liquidating) AS liquidating,
        arg_max(product_id, {'value': market_value, 'id': -product_id}) AS largest,
        arg_max(product_id, {'fall': drawdown, 'id': -product_id}) FILTER (WHERE drawdown IS NOT NULL) AS fallen,
        arg_min(product_id, {'day': matures_on, 'id': product_id}) FILTER (WHERE matures_on >= data_day()) AS maturing,
        arg_min(product_id, {'day': closes_on, 'id': product_id}) FILTER (WHERE closes_on IS NOT NULL) AS closing,
        arg_max(product_id, {'day': raised_on, 'id': product_id}) FILTER (WHERE raised_above) AS raised_one,
        arg_max(product_id, {'day': liquidating_on, 'id': product_id}) FILTER (WHERE liquidating) AS liquidated
    FROM ranked
    GROUP BY client_id
),
maturing AS (
    SELECT client_id, sum(r.market_value) AS amount
    FROM ranked AS r
    JOIN worth AS w USING (client_id, matures_on)
    GROUP BY client_id
),
bought AS (
    SELECT
        client_id,
        sum(orders) AS orders,
        sum(redeemed) AS redeemed,
        sum(redeemed) FILTER (WHERE day > data_day() - 7) AS redeemed_7d
    FROM traded
    GROUP BY client_id
),
orders AS (
    SELECT t.client_id, t.id, {'day': t.day, 'time': t.time, 'id': t.id} AS place, p.risk_level
    FROM live_trades AS t
    JOIN securities AS s ON s.id = t.security_id AND s.exchange = 'OTC'
    LEFT JOIN (SELECT product_code, max(risk_level) AS risk_level FROM products GROUP BY product_code) AS p
        ON p.product_code = s.code
    WHERE t.side IN ('subscribe', 'buy')
),
riskiest AS (
    SELECT client_id, count(*) AS orders, arg_max(id, place) AS id FROM orders WHERE risk_level = 5 GROUP BY client_id
),
repaid AS (
    SELECT
        f.client_id,
        sum(f.amount) AS amount,
        arg_max(coalesce(p.id, f.id), {'day': f.day, 'id': f.id}) AS id
    FROM live_flows AS f
    LEFT JOIN securities AS s ON s.id = f.security_id
    LEFT JOIN (SELECT product_code, min(id) AS id FROM products GROUP BY product_code) AS p ON p.product_code = s.code
    WHERE f.kind = 'product_in' AND f.currency = 'CNY'
    GROUP BY f.client_id
),
held_before AS (SELECT DISTINCT client_id FROM product_days WHERE day < data_day())
SELECT
    client_id,
    x.orders AS r5_purchase_cnt_7d,
    t.orders AS product_order_cnt_total,
    b.orders AS product_order_cnt_30d,
    data_day() - t.first_order_day AS days_since_first_product_order,
    w.product_holding_value,
    coalesce(w.product_holding_value, 0) / nullif(a.total, 0) AS product_ratio,
    w.top1_product_ratio,
    w.product_pnl_ratio,
    w.product_drawdown_max,
    w.matures_on - data_day() AS product_maturity_days,
    m.amount AS product_maturity_amt,
    r.amount AS product_matured_amt_3d,
    w.closes_on - data_day() AS product_open_days_left,
    b.redeemed AS product_redeemed_amt_30d,
    w.client_id IS NULL AND h.client_id IS NOT NULL AND coalesce(b.redeemed_7d, 0) > 0 AS product_redeem_all_7d,
    w.raised AS held_product_risk_upgraded_cnt_1d,
    w.liquidating AS held_product_liquidation_cnt_1d,
    x.id::VARCHAR AS r5_purchase_cnt_7d__key,
    t.first_order::VARCHAR AS product_order_cnt_total__key,
    t.first_order::VARCHAR AS days_since_first_product_order__key,
    w.largest::VARCHAR AS product_holding_value__key,
    w.fallen::VARCHAR AS product_drawdown_max__key,
    w.maturing::VARCHAR AS product_maturity_days__key,
    w.maturing::VARCHAR AS product_maturity_amt__key,
    r.id::VARCHAR AS product_matured_amt_3d__key,
    w.closing::VARCHAR AS product_open_days_left__key,
    w.raised_one::VARCHAR AS held_product_risk_upgraded_cnt_1d__key,
    w.liquidated::VARCHAR AS held_product_liquidation_cnt_1d__key
FROM clients
LEFT JOIN worth AS w USING (client_id)
LEFT JOIN maturing AS m USING (client_id)
LEFT JOIN assets AS a USING (client_id)
LEFT JOIN trade_totals AS t USING (client_id)
LEFT JOIN bought AS b USING (client_id)
LEFT JOIN riskiest AS x USING (client_id)
LEFT JOIN repaid AS r USING (client_id)
LEFT JOIN held_before AS h USING (client_id)
