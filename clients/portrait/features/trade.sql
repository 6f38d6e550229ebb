-- Trading: counts and amounts of windows, totals since the account was opened, what comes back from repos today, and
-- what a year of it brought. `daily/trade_marks.sql` tells what counts as a trade.
-- The return of a year is weighted by money (modified Dietz): gain over what was there at its beginning and what came
-- and went since, each weighted by the part of the year for which it stayed. For who opened his account within the year
-- it begins with his first close or transfer; for others it is unknown until the lake holds assets of a year ago.
-- reads: clients, traded 366, trade_totals, open_repos, asset_averages, flowed 380, fund_accounts, live_trades 1, subscribable, securities
WITH recent AS (
    SELECT
        client_id,
        sum(trades) FILTER (WHERE day > data_day() - 30) AS trade_count_30d,
        sum(trades) FILTER (WHERE day > data_day() - 90) AS trade_count_90d,
        sum(trades) FILTER (WHERE day > data_day() - 180 AND day <= data_day() - 90) AS trade_count_prev_90d,
        count(*) FILTER (WHERE day > data_day() - 30 AND executions > 0) AS trade_days_30d,
        sum(turnover) FILTER (WHERE day > data_day() - 30) AS turnover_30d,
        sum(fees) FILTER (WHERE day > data_day() - 365) AS fees_365d,
        sum(subscriptions) FILTER (WHERE day > data_day() - 90) AS ipo_subscribe_cnt_90d
    FROM traded
    GROUP BY client_id
),
-- A repo ends so many days after it was made, or on the next trading day; then the money can be used. Interest is paid
-- for the days from its settlement, the trading day after it was made, to that of its end.
terms AS (
    SELECT split_part(term, ':', 1) AS code, split_part(term, ':', 2)::INT AS days
    FROM (SELECT unnest(string_split(param_text('repo_terms'), ' ')) AS term)
),
mainland AS (
    SELECT day, lead(day) OVER (ORDER BY day) AS following FROM open_days WHERE exchange = 'SH'
),
repos AS (
    SELECT
        r.client_id,
        r.amount,
        r.price,
        made.following AS settled,
        min(ended.day) AS ends,
        min(ended.following) AS paid
    FROM open_repos AS r
    JOIN securities AS s ON s.id = r.security_id
    JOIN terms AS t USING (code)
    JOIN mainland AS made ON made.day = r.day
    JOIN mainland AS ended ON ended.day >= r.day + t.days
    GROUP BY r.id, r.client_id, r.amount, r.price, made.following
),
repaid AS (
    SELECT client_id, sum(amount + round(amount * price / 100 * (paid - settled) / 365, 2)) AS repo_maturity_amt_today
    FROM repos
    WHERE ends = data_day()
    GROUP BY client_id
),
-- All of those that a client may subscribe to today: none of none is no subscription.
subscribed AS (
    SELECT
        o.client_id,
        bool_and(t.security_id IS NOT NULL) FILTER (WHERE o.type = 'stock') AS shares,
        bool_and(t.security_id IS NOT NULL) FILTER (WHERE o.type = 'cb') AS bonds
    FROM subscribable AS o
    LEFT JOIN (
        SELECT DISTINCT client_id, security_id FROM live_trades WHERE business = 'ipo' AND side = 'subscribe'
    ) AS t USING (client_id, security_id)
    GROUP BY o.client_id
),
first_flows AS (SELECT client_id, min(day) AS day FROM flowed GROUP BY client_id),
begun AS (
    SELECT
        c.client_id,
        CASE
            WHEN b.net_year_ago IS NOT NULL THEN data_day() - 365
            WHEN f.opened_on > data_day() - 365 THEN least(b.first_close, w.day) - 1
        END AS since,
        coalesce(b.net_year_ago, 0) AS net_before,
        b.net
    FROM clients AS c
    JOIN asset_averages AS b USING (client_id)
    LEFT JOIN fund_accounts AS f USING (client_id)
    LEFT JOIN first_flows AS w USING (client_id)
),
gained AS (
    SELECT
        b.client_id,
        (b.net - b.net_before - coalesce(sum(w.moved), 0))
        / nullif(greatest(
            b.net_before + coalesce(sum(w.moved * (data_day() - w.day + 1) / (data_day() - b.since)), 0), 0
        ), 0) AS pnl_ratio_365d
    FROM begun AS b
    LEFT JOIN flowed AS w ON w.client_id = b.client_id AND w.day > b.since
    WHERE b.since IS NOT NULL
    GROUP BY b.client_id, b.net, b.net_before, b.since
)
SELECT
    client_id,
    t.trades AS trade_count_total,
    r.trade_count_30d,
    r.trade_count_prev_90d,
    r.trade_count_90d / nullif(r.trade_count_prev_90d, 0) - 1 AS trade_freq_change_90d,
    r.trade_days_30d,
    data_day() - t.first_day AS days_since_first_trade,
    data_day() - t.last_day AS days_since_last_trade,
    r.turnover_30d,
    coalesce(r.turnover_30d, 0) / 2 / nullif(b.market_value_30d, 0) AS turnover_ratio_30d,
    coalesce(r.fees_365d, 0) / nullif(b.total_365d, 0) AS fee_to_assets_365d,
    t.star_trades AS star_trade_cnt_total,
    t.repo_trades AS repo_trade_cnt_total,
    e.repo_maturity_amt_today,
    g.pnl_ratio_365d,
    r.ipo_subscribe_cnt_90d,
    s.shares AS ipo_subscribed_today,
    s.bonds AS cb_subscribed_today
FROM clients AS c
LEFT JOIN trade_totals AS t USING (client_id)
LEFT JOIN recent AS r USING (client_id)
LEFT JOIN asset_averages AS b USING (client_id)
LEFT JOIN repaid AS e USING (client_id)
LEFT JOIN subscribed AS s USING (client_id)
LEFT JOIN gained AS g USING (client_id)
