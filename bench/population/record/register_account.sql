-- Only fund accounts: no gate asks for others.
SELECT id, kind, market, id::VARCHAR AS account_no, client_id, '' AS fund_account, main, false AS designated,
    status, opened_on,
    closed_on, branch_id, '' AS bank, '' AS bank_card_tail, depository, '{}' AS permissions, arrived() AS created_at,
    arrived() AS changed_at
FROM accounts
WHERE kind = 'fund'
