-- Of each client his margin purchases and short sales that stand: how many, and the first one.
SELECT
    client_id,
    CAST(sum(trades) AS BIGINT) AS trades,
    min(first_day) AS first_day,
    arg_min(first_trade, {'day': first_day, 'id': first_trade}) AS first_trade
FROM (
    SELECT * FROM before
    UNION ALL BY NAME
    SELECT
        client_id,
        count(*) AS trades,
        min(day) AS first_day,
        arg_min(id, {'day': day, 'id': id}) AS first_trade
    FROM live_trades
    WHERE business IN ('credit_buy', 'short_sell')
    GROUP BY client_id
)
GROUP BY client_id
