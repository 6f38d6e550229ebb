-- What each client brought (positive) or took away, day by day, less what was taken back since.
-- reads: flow_days, returned_flows 1
SELECT day, client_id, moved FROM flow_days
UNION ALL
SELECT day, client_id, -moved FROM returned_flows
