-- Of each credit account: the last day with debt, the first one without after it, and how its maintenance ratio stands
-- to the lines of the contract (`step`: above, call, close) since which day.
-- Where two rows of one day can be seen, the one that arrived later has replaced the other.
WITH latest AS (
    SELECT client_id, account_id, day, debt,
        CASE
            WHEN ratio < coalesce(close_line, param('margin_close_line')) THEN 'close'
            WHEN ratio < coalesce(call_line, param('margin_warning_line')) THEN 'call'
            ELSE 'above'
        END AS step
    FROM rows
    QUALIFY row_number() OVER (PARTITION BY account_id, day ORDER BY arrived_at DESC, id DESC) = 1
),
told AS (
    SELECT account_id, max(day) FILTER (WHERE debt > 0) AS debt_on, arg_max(step, day) AS step
    FROM latest
    GROUP BY account_id
),
since AS (
    SELECT
        l.account_id,
        any_value(l.client_id) AS client_id,
        any_value(t.debt_on) AS debt_on,
        any_value(t.step) AS step,
        min(l.day) FILTER (WHERE l.debt = 0 AND l.day > coalesce(t.debt_on, '0001-01-01'::DATE)) AS cleared_on,
        max(l.day) FILTER (WHERE l.step <> t.step) AS other_step_on,
        list(l.day) FILTER (WHERE l.step = t.step) AS days
    FROM latest AS l
    JOIN told AS t USING (account_id)
    GROUP BY l.account_id
)
SELECT
    coalesce(s.client_id, b.client_id) AS client_id,
    account_id,
    coalesce(s.debt_on, b.debt_on) AS debt_on,
    CASE WHEN s.debt_on IS NULL THEN coalesce(b.cleared_on, CASE WHEN b.debt_on IS NOT NULL THEN s.cleared_on END)
        ELSE s.cleared_on END AS cleared_on,
    coalesce(s.step, b.step) AS step,
    CASE
        WHEN s.step IS NULL OR (s.step = b.step AND s.other_step_on IS NULL) THEN b.since
        ELSE list_min(list_filter(s.days, lambda d: s.other_step_on IS NULL OR d > s.other_step_on))
    END AS since
FROM before AS b
FULL JOIN since AS s USING (account_id)
