-- Money that came and went, in CNY, of movements that stand; securities moved to or from another broker count as money
-- in the net inflow. A movement without a time of day counts from the day after the delivery on.
-- reads: live_flows, accounts
SELECT
    s.hit_id,
    coalesce(sum(f.amount), 0) AS since_hit_net_inflow,
    coalesce(sum(f.amount) FILTER (WHERE f.kind = 'bank_in'), 0) AS since_hit_cash_in,
    coalesce(-sum(f.amount) FILTER (WHERE f.kind = 'bank_out'), 0) AS since_hit_cash_out,
    coalesce(sum(f.amount) FILTER (WHERE f.kind = 'bank_in' AND a.kind = 'credit_fund'), 0) AS since_hit_credit_cash_in
FROM spans AS s
LEFT JOIN live_flows AS f
    ON f.client_id = s.client_id AND within(f.day, f.time, s.after, s.until, s.since) AND f.currency = 'CNY'
    AND f.kind IN ('bank_in', 'bank_out', 'custody_in', 'custody_out')
LEFT JOIN accounts AS a ON a.id = f.account_id AND a.seen_on = s.until_seen
GROUP BY s.hit_id
