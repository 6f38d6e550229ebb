-- What happens to the securities that a client holds, and what the calendar and the subscriptions of the day bring.
-- Of several events of a kind the newest announced counts; an event is named by symbol and number.
-- Days of an event: rights: record_date, and the last day of payment (last_day, else pay_date); cb_redeem: last_day is
-- the last trading day, record_date the last day of conversion, price what is paid; put_back, tender and delisting last
-- from ex_date to last_day; suspend, resume and ipo happen on ex_date. Who holds a share in the days of payment held it
-- on the record date: it is suspended in between. A long closure is three natural days or more, which no ordinary
-- weekend is; Stock Connect trades on days on which both markets are open.
-- reads: clients, accounts, held, open_events, securities, cashflows 30
WITH mainland AS (
    SELECT day, number, lead(day) OVER (ORDER BY day) AS following FROM open_days WHERE exchange = 'SH'
),
dates AS (
    SELECT
        month(data_day()) AS month_of_year,
        min(number) FILTER (WHERE day >= data_day() AND following - day - 1 >= 3)
        - min(number) FILTER (WHERE day = data_day()) AS days_to_market_holiday,
        min(following) FILTER (WHERE day = data_day())
        NOT IN (SELECT day FROM open_days WHERE exchange = 'HK') AS hk_closed_next_td
    FROM mainland
),
events AS (
    SELECT
        *,
        coalesce(last_day, pay_date) AS until,
        td_until(coalesce(last_day, pay_date)) AS days_left,
        td_until(record_date) AS record_days_left
    FROM open_events
),
happening AS (
    SELECT *
    FROM events
    WHERE
        CASE kind
            WHEN 'st_on' THEN announced_on > prev_day() OR (ex_date > prev_day() AND ex_date <= data_day())
            WHEN 'suspend' THEN coalesce(ex_date, announced_on) > prev_day() AND coalesce(ex_date, announced_on) <= data_day()
            WHEN 'resume' THEN coalesce(ex_date, announced_on) > prev_day() AND coalesce(ex_date, announced_on) <= data_day()
            WHEN 'rights' THEN coalesce(record_date, announced_on) <= data_day() AND until >= data_day()
            WHEN 'put_back' THEN ex_date <= data_day() AND last_day >= data_day()
            WHEN 'tender' THEN last_day >= data_day()
            ELSE kind IN ('cb_redeem', 'delisting')
        END
    QUALIFY row_number() OVER (PARTITION BY security_id, kind ORDER BY announced_on DESC, id DESC) = 1
),
concerning AS (
    SELECT
        h.client_id,
        h.security_id,
        h.quantity,
        h.market_value,
        h.last_price,
        e.* EXCLUDE (security_id),
        h.symbol || '/' || e.event_no AS key,
        {'day': e.announced_on, 'id': e.id} AS place
    FROM held AS h
    JOIN happening AS e USING (security_id)
    WHERE e.kind <> 'delisting' OR h.status <> 'delisted'
),
-- What the master calls delisting without an event that says so.
leaving AS (
    SELECT client_id, symbol || '/delisting' AS key, market_value
    FROM held AS h
    WHERE status = 'delisting' AND NOT EXISTS (
        SELECT 1 FROM happening AS e WHERE e.security_id = h.security_id AND e.kind = 'delisting'
    )
),
delisted AS (
    SELECT client_id, key, market_value, CASE WHEN ex_date <= data_day() AND last_day >= data_day() THEN days_left END AS days_left
    FROM concerning
    WHERE kind = 'delisting'
    UNION ALL
    SELECT client_id, key, market_value, NULL AS days_left FROM leaving
),
delisting AS (
    SELECT
        client_id,
        sum(market_value) AS held_delisting_value,
        min(days_left) AS held_delisting_days_left,
        arg_min(key, {'open': days_left IS NULL, 'left': coalesce(days_left, 0), 'value': -market_value, 'key': key})
            AS held_delisting_value__key
    FROM delisted
    GROUP BY client_id
),
-- The bond that leads: the next to stop trading, then the next that can only be converted, then the others.
redeemed AS (
    SELECT
        client_id,
        sum(market_value) AS cb_redeem_value,
        arg_min(
            {'trade': days_left, 'convert': record_days_left, 'loss': 1 - price / nullif(last_price, 0), 'key': key},
            {
                'stage': CASE WHEN days_left >= 0 THEN 0 WHEN record_days_left >= 0 THEN 1 ELSE 2 END,
                'left': CASE WHEN days_left >= 0 THEN days_left WHEN record_days_left >= 0 THEN record_days_left ELSE 0 END,
                'key': key
            }
        ) AS lead
    FROM concerning
    WHERE kind = 'cb_redeem'
    GROUP BY client_id
),
paid AS (
    SELECT c.client_id, c.security_id, -sum(f.amount) AS amount
    FROM cashflows AS f
    JOIN concerning AS c ON c.client_id = f.client_id AND c.security_id = f.security_id AND c.kind = 'rights'
    WHERE f.kind = 'allot_pay' AND f.day >= coalesce(c.record_date, c.announced_on)
    GROUP BY c.client_id, c.security_id
),
happened AS (
    SELECT
        client_id,
        count(*) FILTER (WHERE kind = 'st_on') AS held_newly_st_cnt_1d,
        count(*) FILTER (WHERE kind = 'suspend') AS held_suspend_cnt_1d,
        count(*) FILTER (WHERE kind = 'resume') AS held_resume_cnt_1d,
        min(days_left) FILTER (WHERE kind = 'rights') AS rights_pay_days_left,
        sum(greatest(quantity * value * price - coalesce(paid.amount, 0), 0)) FILTER (WHERE kind = 'rights')
            AS rights_unpaid_amt,
        min(days_left) FILTER (WHERE kind = 'put_back') AS cb_putback_days_left,
        min(days_left) FILTER (WHERE kind = 'tender' AND ex_date <= data_day()) AS tender_days_left,
        sum(market_value) FILTER (WHERE kind = 'tender') AS tender_value,
        arg_max(key, place) FILTER (WHERE kind = 'st_on') AS held_newly_st_cnt_1d__key,
        arg_max(key, place) FILTER (WHERE kind = 'suspend') AS held_suspend_cnt_1d__key,
        arg_max(key, place) FILTER (WHERE kind = 'resume') AS held_resume_cnt_1d__key,
        arg_min(key, {'left': days_left, 'key': key}) FILTER (WHERE kind = 'rights') AS rights_pay_days_left__key,
        arg_min(key, {'left': days_left, 'key': key}) FILTER (WHERE kind = 'put_back') AS cb_putback_days_left__key,
        arg_min(key, {'left': days_left, 'key': key}) FILTER (WHERE kind = 'tender' AND ex_date <= data_day())
            AS tender_days_left__key
    FROM concerning
    LEFT JOIN paid USING (client_id, security_id)
    GROUP BY client_id
),
subscribed AS (
    SELECT
        s.type,
        s.exchange,
        CASE s.board WHEN 'gem' THEN 'GEM' WHEN 'star' THEN 'STAR' WHEN 'bse' THEN 'BSE' ELSE '' END AS permission
    FROM open_events AS e
    JOIN securities AS s ON s.id = e.security_id
    WHERE e.kind = 'ipo' AND e.ex_date = data_day()
),
allowed AS (
    SELECT
        client_id,
        list(market) AS markets,
        flatten(list(string_split(coalesce(permissions, ''), ';'))) || [''] AS permissions
    FROM accounts
    WHERE kind = 'securities' AND status = 'normal' AND opened_on <= data_day()
    GROUP BY client_id
),
subscribable AS (
    SELECT a.client_id, count(*) AS ipo_open_today_cnt
    FROM allowed AS a
    JOIN subscribed AS s ON s.type = 'stock' AND list_contains(a.permissions, s.permission)
    WHERE list_contains(a.markets, s.exchange) OR s.permission = 'BSE'
    GROUP BY a.client_id
)
SELECT
    c.client_id,
    m.*,
    n.* EXCLUDE (client_id),
    d.* EXCLUDE (client_id),
    i.ipo_open_today_cnt,
    (SELECT count(*) FROM subscribed WHERE type = 'cb') AS cb_ipo_open_today_cnt,
    r.cb_redeem_value,
    r.lead.trade AS cb_redeem_days_to_last_trade,
    r.lead.convert AS cb_redeem_days_to_last_convert,
    r.lead.loss AS cb_redeem_loss_ratio,
    r.lead.key AS cb_redeem_days_to_last_trade__key
FROM clients AS c
CROSS JOIN dates AS m
LEFT JOIN happened AS n USING (client_id)
LEFT JOIN delisting AS d USING (client_id)
LEFT JOIN redeemed AS r USING (client_id)
LEFT JOIN subscribable AS i USING (client_id)
