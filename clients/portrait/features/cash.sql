-- Cash at the close of the day.
-- reads: assets
SELECT client_id, cash / nullif(total, 0) AS cash_ratio
FROM assets
WHERE has_fund_account
