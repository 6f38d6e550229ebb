-- Assets at the closes of a window, one row a client: a day without a close (a holiday) has no part in an average, and
-- who opened his account later is averaged over the closes since. `net` has no borrowed money in it, `total` has.
-- The average `before` is that of the last batch. Days that bring rights to new shares end two trading days ago.
-- Assets of an earlier day are those of the last close up to it: the `last_batch`, a `week_ago`, a `year_ago`.
-- reads: asset_days 380
WITH numbered AS (
    SELECT a.*, d.number - t.number AS ago
    FROM asset_days AS a
    JOIN open_days AS d ON d.exchange = 'SH' AND d.day = a.day
    JOIN open_days AS t ON t.exchange = 'SH' AND t.day = data_day()
)
SELECT
    client_id,
    avg(net) FILTER (WHERE ago > -20) AS net_20td,
    avg(total) FILTER (WHERE day > data_day() - 90) AS total_90d,
    avg(total) FILTER (WHERE day > prev_day() - 90 AND day <= prev_day()) AS total_90d_before,
    max(total) FILTER (WHERE day > data_day() - 365) AS peak_365d,
    max(total) FILTER (WHERE day = data_day()) AS total,
    max(net) FILTER (WHERE day = data_day()) AS net,
    arg_max(total, day) FILTER (WHERE day <= prev_day()) AS total_last_batch,
    arg_max(total, day) FILTER (WHERE day <= data_day() - 7) AS total_week_ago,
    arg_max(net, day) FILTER (WHERE day <= data_day() - 365) AS net_year_ago,
    avg(total) FILTER (WHERE day > data_day() - 365) AS total_365d,
    avg(market_value) FILTER (WHERE day > data_day() - 30) AS market_value_30d,
    min(day) AS first_close,
    sum(sh_value) FILTER (WHERE ago BETWEEN -21 AND -2) / 20 AS sh_20td,
    sum(sz_value) FILTER (WHERE ago BETWEEN -21 AND -2) / 20 AS sz_20td
FROM numbered
GROUP BY client_id
