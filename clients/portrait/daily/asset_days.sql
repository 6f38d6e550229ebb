-- What each client had at the close of one day, all accounts together: `cash` is that of normal accounts, `total`
-- everything, `net` what is left of it when the debt is paid. Only what is held in CNY has a value: the files bring
-- no exchange rate; `holdings` counts securities of any currency. Products of the OTC market are no securities here.
-- `sh_value` and `sz_value` are A shares, which count for subscriptions to new shares.
WITH held AS (
    SELECT
        p.client_id,
        count(*) AS holdings,
        sum(p.market_value) FILTER (WHERE s.currency = 'CNY') AS market_value,
        sum(p.market_value) FILTER (WHERE s.currency = 'CNY' AND s.type = 'stock' AND s.exchange = 'SH') AS sh_value,
        sum(p.market_value) FILTER (WHERE s.currency = 'CNY' AND s.type = 'stock' AND s.exchange = 'SZ') AS sz_value
    FROM positions AS p
    JOIN securities AS s ON s.id = p.security_id
    WHERE p.quantity > 0 AND s.exchange <> 'OTC'
    GROUP BY p.client_id
),
normal AS (
    SELECT a.client_id, sum(coalesce(b.balance, 0)) AS cash
    FROM accounts AS a
    LEFT JOIN balances AS b ON b.account_id = a.id
    WHERE a.kind = 'fund' AND a.opened_on <= data_day()
    GROUP BY a.client_id
),
credit AS (
    SELECT client_id, sum(cash) AS credit_cash, sum(debt) AS debt
    FROM margin_accounts
    GROUP BY client_id
),
products AS (SELECT client_id, sum(market_value) AS product_value FROM product_holdings GROUP BY client_id),
everything AS (
    SELECT client_id, true AS has_fund_account, cash FROM normal
    UNION ALL BY NAME SELECT * FROM credit
    UNION ALL BY NAME SELECT * FROM held
    UNION ALL BY NAME SELECT * FROM products
),
summed AS (
    SELECT
        client_id,
        coalesce(bool_or(has_fund_account), false) AS has_fund_account,
        coalesce(sum(cash), 0) AS cash,
        coalesce(sum(credit_cash), 0) AS credit_cash,
        coalesce(sum(market_value), 0) AS market_value,
        coalesce(sum(product_value), 0) AS product_value,
        coalesce(sum(debt), 0) AS debt,
        coalesce(sum(holdings), 0) AS holdings,
        coalesce(sum(sh_value), 0) AS sh_value,
        coalesce(sum(sz_value), 0) AS sz_value
    FROM everything
    GROUP BY client_id
)
SELECT
    data_day() AS day,
    *,
    cash + credit_cash + market_value + product_value AS total,
    cash + credit_cash + market_value + product_value - debt AS net,
    seen_until() AS arrived_at
FROM summed
