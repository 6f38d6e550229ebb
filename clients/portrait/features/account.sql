-- The main fund account: how old it is, in which state. Without a main one the first opened stands in for it.
-- reads: accounts
SELECT
    client_id,
    data_day() - arg_min(opened_on, {'auxiliary': NOT main, 'opened': opened_on, 'id': id}) AS account_age_days,
    arg_min(status, {'auxiliary': NOT main, 'opened': opened_on, 'id': id}) AS account_status
FROM accounts
WHERE kind = 'fund' AND opened_on <= data_day()
GROUP BY client_id
