-- Of each client all his executions that stand: first and last day, and counts since he opened his account.
SELECT
    client_id,
    min(first_day) AS first_day,
    max(last_day) AS last_day,
    max(bought_on) AS bought_on,
    CAST(sum(trades) AS BIGINT) AS trades,
    CAST(sum(star_trades) AS BIGINT) AS star_trades,
    CAST(sum(repo_trades) AS BIGINT) AS repo_trades,
    CAST(sum(orders) AS BIGINT) AS orders,
    min(first_order_day) AS first_order_day,
    arg_min(first_order, {'day': first_order_day, 'id': first_order}) AS first_order
FROM (
    SELECT * FROM before
    UNION ALL BY NAME
    SELECT
        client_id,
        min(day) AS first_day,
        max(day) AS last_day,
        max(day) FILTER (WHERE bought) AS bought_on,
        count(*) FILTER (WHERE trades) AS trades,
        count(*) FILTER (WHERE trades AND star) AS star_trades,
        count(*) FILTER (WHERE trades AND repo) AS repo_trades,
        count(*) FILTER (WHERE orders) AS orders,
        min(day) FILTER (WHERE orders) AS first_order_day,
        arg_min(id, {'day': day, 'id': id}) FILTER (WHERE orders) AS first_order
    FROM trade_marks
    GROUP BY client_id
)
GROUP BY client_id
