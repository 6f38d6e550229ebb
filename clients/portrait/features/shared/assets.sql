-- Cash and securities at the close of the day: normal cash (`cash`), then all accounts together (`total`).
-- A credit account's cash comes from its daily row; borrowed money is not subtracted (total, not net, assets).
-- reads: accounts, balances, margin_accounts 1, holdings
WITH normal AS (
    SELECT a.client_id, sum(coalesce(b.balance, 0)) AS cash
    FROM accounts AS a
    LEFT JOIN balances AS b ON b.account_id = a.id
    WHERE a.kind = 'fund' AND a.opened_on <= data_day()
    GROUP BY a.client_id
),
credit AS (SELECT client_id, sum(cash) AS cash FROM margin_accounts GROUP BY client_id),
held AS (SELECT client_id, sum(market_value) AS market_value FROM holdings GROUP BY client_id)
SELECT
    client_id,
    normal.client_id IS NOT NULL AS has_fund_account,
    coalesce(normal.cash, 0) AS cash,
    coalesce(normal.cash, 0) + coalesce(credit.cash, 0) + coalesce(held.market_value, 0) AS total
FROM normal
FULL JOIN credit USING (client_id)
FULL JOIN held USING (client_id)
