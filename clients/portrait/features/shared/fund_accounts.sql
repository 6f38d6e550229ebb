-- Who has opened a fund account, and the one that stands for him: an open one before a closed one, the main one before
-- others, then the first opened. `closed_on` is the day on which the last one was closed, if none is open.
-- reads: accounts
SELECT
    client_id,
    arg_min(id, rank) AS account_id,
    arg_min(opened_on, rank) AS opened_on,
    arg_min(status, rank) AS status,
    CASE WHEN bool_and(status = 'closed') THEN max(closed_on) FILTER (WHERE closed_on <= data_day()) END AS closed_on
FROM (
    SELECT *, {'closed': status = 'closed', 'auxiliary': NOT main, 'opened': opened_on, 'id': id} AS rank
    FROM accounts
    WHERE kind = 'fund' AND opened_on <= data_day()
)
GROUP BY client_id
