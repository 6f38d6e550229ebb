-- Margin accounts: what they owe and hold, how far they are from their lines, what falls due and what has been done.
-- A client's credit accounts count together, with the strictest of their lines. `call_line` is the line that has to be
-- reached again after a call (140 %), `close_line` the one below which is sold out (130 %). A margin call is named by
-- its account, and the line with the day on which the account fell below it or, once it is made, the day of the call.
-- Of events `haircut` tells the new ratio of collateral (0: none any more) and `margin_list` 1 for in and 0 for out.
-- Interest is taken on one day of the month, so its key is the contract that owes most of it with that day.
-- reads: closes, margin_marks, margin_trades, clients, accounts, securities, positions 1, margin_accounts 90, margin_contracts 45, live_flows 365, security_events 800
WITH accounts_now AS (SELECT * FROM margin_accounts WHERE day = data_day()),
contracts AS (SELECT * FROM margin_contracts WHERE day = data_day() AND status NOT IN ('closed', 'liquidated')),
opened AS (
    SELECT
        client_id,
        arg_min(id, rank) AS account_id,
        arg_min(status, rank) AS status,
        arg_min(opened_on, rank) AS opened_on
    FROM (
        SELECT *, {'closed': status = 'closed', 'auxiliary': NOT main, 'opened': opened_on, 'id': id} AS rank
        FROM accounts
        WHERE kind = 'credit_fund' AND opened_on <= data_day()
    )
    GROUP BY client_id
),
owed AS (
    SELECT
        n.client_id,
        sum(n.cash) AS cash,
        sum(n.collateral_value) AS securities,
        sum(n.cash + n.collateral_value) AS collateral,
        sum(n.debt) AS debt,
        sum(n.credit_line) AS credit_line,
        max(n.call_line) AS call_line,
        max(n.close_line) AS close_line,
        min(n.call_day) FILTER (WHERE n.call_day <= data_day()) AS call_day,
        arg_min(n.account_id, {'day': n.call_day, 'id': n.account_id}) FILTER (WHERE n.call_day <= data_day())
            AS called,
        arg_min(m.account_id || ':' || m.step || ':' || m.since, {'ratio': n.ratio, 'id': n.account_id})
            FILTER (WHERE n.debt > 0) AS fall
    FROM accounts_now AS n
    LEFT JOIN margin_marks AS m USING (account_id)
    GROUP BY n.client_id
),
lately AS (
    SELECT client_id, avg(debt) AS debt_90d
    FROM (SELECT client_id, day, sum(debt) AS debt FROM margin_accounts GROUP BY client_id, day)
    GROUP BY client_id
),
cleared AS (
    SELECT client_id, CASE WHEN bool_and(debt_on IS NULL OR cleared_on IS NOT NULL) THEN max(cleared_on) END AS cleared_on
    FROM margin_marks
    GROUP BY client_id
),
due AS (
    SELECT CAST(if(this_month >= data_day(), this_month, this_month + INTERVAL 1 MONTH) AS DATE) AS interest_day
    FROM (SELECT date_trunc('month', data_day()) + to_days(param('margin_interest_day')::INT - 1) AS this_month)
),
contracted AS (
    SELECT
        client_id,
        min(due_on) AS due_on,
        arg_min(contract_no, {'due': due_on, 'no': contract_no}) AS due_key,
        sum(interest) AS interest,
        arg_max(contract_no, {'interest': interest, 'no': contract_no}) FILTER (WHERE interest > 0) AS interest_key,
        arg_max(rate, {'opened': opened_on, 'no': contract_no}) FILTER (WHERE kind = 'financing' AND rate IS NOT NULL)
            AS rate
    FROM contracts
    GROUP BY client_id
),
liquidated AS (
    SELECT client_id, count(*) AS times, max({'day': day, 'id': account_id}) AS newest
    FROM (
        SELECT DISTINCT client_id, account_id, first_day AS day
        FROM (
            SELECT client_id, account_id, min(day) AS first_day
            FROM margin_contracts
            WHERE status = 'liquidated'
            GROUP BY client_id, account_id, contract_no
        )
        WHERE first_day > data_day() - 30
    )
    GROUP BY client_id
),
collateral AS (
    SELECT p.client_id, p.security_id, s.code || '.' || s.exchange AS symbol,
        sum(p.market_value) AS market_value,
        any_value(s.risk_flag IN ('st', 'star_st', 'delisting') OR s.status = 'delisting') AS st,
        any_value(c.limit_status = 'suspended') AS suspended
    FROM positions AS p
    JOIN accounts AS a ON a.id = p.account_id AND a.kind = 'credit_fund'
    JOIN securities AS s ON s.id = p.security_id AND s.currency = 'CNY'
    LEFT JOIN closes AS c ON c.security_id = p.security_id
    WHERE p.quantity > 0
    GROUP BY p.client_id, p.security_id, s.code, s.exchange
),
pledged AS (
    SELECT
        client_id,
        max(market_value) AS largest,
        arg_max(symbol, {'value': market_value, 'symbol': symbol}) AS largest_key,
        sum(market_value) FILTER (WHERE st) AS st_value,
        arg_max(symbol, {'value': market_value, 'symbol': symbol}) FILTER (WHERE st) AS st_key,
        sum(market_value) FILTER (WHERE suspended) AS suspended_value
    FROM collateral
    GROUP BY client_id
),
standing AS (
    SELECT * FROM security_events AS e
    WHERE reversal_of = '' AND NOT EXISTS (
        SELECT 1 FROM security_events AS r WHERE r.security_id = e.security_id AND r.reversal_of = e.event_no
    )
),
events AS (
    SELECT
        e.*,
        s.code || '.' || s.exchange || '/' || e.event_no AS key,
        e.announced_on > prev_day() AS new,
        coalesce(
            lag(e.value) OVER (PARTITION BY e.security_id, e.kind ORDER BY e.announced_on, e.id), s.collateral_ratio
        ) AS value_before
    FROM standing AS e
    JOIN securities AS s ON s.id = e.security_id
    WHERE e.kind IN ('haircut', 'margin_list', 'dividend', 'bonus', 'rights')
),
cut AS (
    SELECT c.client_id, count(DISTINCT c.security_id) AS cuts, arg_max(e.key, {'day': e.announced_on, 'id': e.id}) AS key
    FROM collateral AS c
    JOIN events AS e USING (security_id)
    WHERE e.new AND e.kind = 'haircut' AND (e.value = 0 OR e.value < e.value_before)
    GROUP BY c.client_id
),
removed AS (
    SELECT c.client_id, count(DISTINCT c.security_id) AS removals, arg_max(e.key, {'day': e.announced_on, 'id': e.id})
        AS key
    FROM contracts AS c
    JOIN events AS e USING (security_id)
    WHERE e.new AND e.kind = 'margin_list' AND e.value = 0
    GROUP BY c.client_id
),
shorted AS (
    SELECT c.client_id, min(td_until(e.ex_date)) AS days, arg_min(e.key, {'day': e.ex_date, 'id': e.id}) AS key
    FROM contracts AS c
    JOIN events AS e USING (security_id)
    WHERE c.kind = 'short' AND e.kind IN ('dividend', 'bonus', 'rights') AND e.ex_date >= data_day()
    GROUP BY c.client_id
),
moved AS (
    SELECT
        f.client_id,
        -sum(f.amount) FILTER (WHERE f.kind = 'margin_interest') AS interest,
        -sum(f.amount) FILTER (
            WHERE a.id IS NOT NULL AND f.kind IN ('custody_out', 'bank_out') AND f.day > data_day() - 7
        ) AS taken_out
    FROM live_flows AS f
    LEFT JOIN accounts AS a ON a.id = f.account_id AND a.kind = 'credit_fund'
    WHERE f.kind IN ('margin_interest', 'custody_out', 'bank_out')
    GROUP BY f.client_id
)
SELECT
    c.client_id,
    CASE
        WHEN opened.status IS NULL THEN 'none'
        WHEN opened.status = 'closed' THEN 'closed'
        WHEN opened.status IN ('frozen', 'restricted') THEN 'restricted'
        ELSE 'active'
    END AS margin_account_status,
    opened.account_id::VARCHAR AS margin_account_status__key,
    CASE WHEN opened.status <> 'closed' THEN data_day() - opened.opened_on END AS margin_account_age_days,
    CASE WHEN opened.status <> 'closed' THEN opened.account_id::VARCHAR END AS margin_account_age_days__key,
    coalesce(owed.collateral, 0) AS margin_collateral_value,
    opened.account_id::VARCHAR AS margin_collateral_value__key,
    coalesce(moved.taken_out, 0) AS margin_collateral_out_value_7d,
    coalesce(owed.debt, 0) AS margin_debt,
    coalesce(lately.debt_90d, 0) AS margin_debt_avg_prev_90d,
    data_day() - cleared.cleared_on AS days_since_margin_repaid_all,
    coalesce(trades.trades, 0) AS margin_trade_cnt_total,
    data_day() - trades.first_day AS days_since_first_margin_trade,
    trades.first_trade::VARCHAR AS days_since_first_margin_trade__key,
    owed.collateral / nullif(owed.debt, 0) AS margin_maintenance_ratio,
    owed.fall AS margin_maintenance_ratio__key,
    owed.call_line AS margin_warning_line,
    owed.close_line AS margin_close_line,
    (owed.cash + owed.securities * (1 - param('margin_stress_fall'))) / nullif(owed.debt, 0)
        AS margin_stress_ratio_down20,
    -td_until(owed.call_day) AS margin_call_open_days,
    owed.called || ':' || owed.call_day AS margin_call_open_days__key,
    contracted.due_on - data_day() AS margin_contract_days_to_due,
    contracted.due_key AS margin_contract_days_to_due__key,
    pledged.largest / nullif(owed.collateral, 0) AS margin_top1_collateral_ratio,
    pledged.largest_key AS margin_top1_collateral_ratio__key,
    owed.debt / nullif(owed.credit_line, 0) AS margin_credit_used_ratio,
    coalesce(cut.cuts, 0) AS collateral_haircut_cut_cnt_1d,
    cut.key AS collateral_haircut_cut_cnt_1d__key,
    coalesce(removed.removals, 0) AS margin_underlying_removed_cnt_1d,
    removed.key AS margin_underlying_removed_cnt_1d__key,
    coalesce(pledged.st_value, 0) AS credit_st_value,
    pledged.st_key AS credit_st_value__key,
    coalesce(pledged.suspended_value, 0) / nullif(owed.collateral, 0) AS credit_suspended_value_ratio,
    shorted.days AS short_ex_date_days,
    shorted.key AS short_ex_date_days__key,
    CASE WHEN contracted.interest > 0 THEN due.interest_day - data_day() END AS margin_interest_due_days,
    contracted.interest_key || ':' || due.interest_day AS margin_interest_due_days__key,
    coalesce(contracted.interest, 0) AS margin_interest_accrued,
    CASE WHEN opened.status <> 'closed' THEN owed.cash END AS credit_cash_available,
    coalesce(moved.interest, 0) AS margin_interest_365d,
    CASE WHEN opened.status <> 'closed' THEN contracted.rate * 100 END AS margin_rate_pct,
    coalesce(liquidated.times, 0) AS forced_liquidation_cnt_30d,
    liquidated.newest.id || ':' || liquidated.newest.day AS forced_liquidation_cnt_30d__key
FROM clients AS c
CROSS JOIN due
LEFT JOIN opened USING (client_id)
LEFT JOIN owed USING (client_id)
LEFT JOIN lately USING (client_id)
LEFT JOIN cleared USING (client_id)
LEFT JOIN margin_trades AS trades USING (client_id)
LEFT JOIN contracted USING (client_id)
LEFT JOIN liquidated USING (client_id)
LEFT JOIN pledged USING (client_id)
LEFT JOIN cut USING (client_id)
LEFT JOIN removed USING (client_id)
LEFT JOIN shorted USING (client_id)
LEFT JOIN moved USING (client_id)
