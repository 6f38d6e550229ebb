-- Whether the credit account came back to the line of its contract, or had no debt, at the close of any day.
-- reads: margin_accounts
SELECT
    s.hit_id,
    coalesce(
        bool_or(m.debt = 0 OR m.ratio >= coalesce(m.call_line, param('margin_warning_line'))), FALSE
    ) AS since_hit_margin_restored
FROM spans AS s
LEFT JOIN margin_accounts AS m ON m.client_id = s.client_id AND m.day > s.after AND m.day <= s.until
GROUP BY s.hit_id
