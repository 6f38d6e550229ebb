"""SQL that sums commission by client and month, for what changed since the last time."""

# Months of clients with executions that are new, or that new lines take back.
TOUCHED = """
CREATE TEMP TABLE touched ON COMMIT DROP AS
SELECT client_id, date_trunc('month', day)::date AS month FROM ledger_trade
WHERE id > %(seen)s AND day >= %(first)s
UNION
SELECT t.client_id, date_trunc('month', t.day)::date FROM ledger_trade r
JOIN ledger_trade t ON t.client_id = r.client_id AND t.account_id = r.account_id AND t.exchange = r.exchange
    AND t.trade_no = r.reversal_of AND t.day <= r.day AND t.day >= %(first)s
WHERE r.id > %(seen)s AND r.reversal_of <> '' AND r.day >= %(first)s
"""
# A number returns on other days, so a line takes back the newest execution of that number up to its own day.
TAKEN_BACK = """
CREATE TEMP TABLE taken_back ON COMMIT DROP AS
SELECT (SELECT t.id FROM ledger_trade t
        WHERE t.client_id = r.client_id AND t.account_id = r.account_id AND t.exchange = r.exchange
            AND t.trade_no = r.reversal_of AND t.reversal_of = '' AND t.day BETWEEN %(first)s AND r.day
        ORDER BY t.day DESC, t.id DESC LIMIT 1) AS id
FROM ledger_trade r
WHERE r.reversal_of <> '' AND r.day >= %(first)s AND r.client_id IN (SELECT client_id FROM touched)
"""
SUMS = """
INSERT INTO ledger_commissionmonth (client_id, month, amount, seen)
SELECT m.client_id, m.month, coalesce(sum(t.commission), 0), %(newest)s
FROM touched m LEFT JOIN ledger_trade t ON t.client_id = m.client_id AND t.day >= m.month
    AND t.day < m.month + interval '1 month' AND t.day >= %(first)s AND t.reversal_of = ''
    AND NOT EXISTS (SELECT FROM taken_back b WHERE b.id = t.id)
GROUP BY m.client_id, m.month
ON CONFLICT (client_id, month) DO UPDATE SET amount = EXCLUDED.amount, seen = EXCLUDED.seen
"""
