-- What became of the client's accounts: opened, bound to a bank, permitted, free again. States are those of the last
-- settled day up to the delivery and up to the end of the window. The stages of opening that the house knows are
-- registered and opened. The permission is the one that the hit is about, else the one that the strategy offers.
-- reads: accounts, profiles
WITH states AS (
    SELECT
        client_id,
        seen_on,
        bool_or(kind = 'fund' AND depository = 'active') AS bound,
        bool_or(kind IN ('fund', 'securities') AND status IN ('restricted', 'dormant', 'frozen')) AS restricted,
        flatten(list(string_split(coalesce(permissions, ''), ';')) FILTER (WHERE status <> 'closed')) AS permissions
    FROM accounts
    GROUP BY client_id, seen_on
),
opened AS (
    SELECT
        s.hit_id,
        bool_or(a.kind = 'fund') AS fund,
        bool_or(a.kind = 'credit_fund') AS margin
    FROM spans AS s
    JOIN accounts AS a ON a.client_id = s.client_id AND a.seen_on = s.until_seen
        AND a.opened_on > s.after AND a.opened_on <= s.until
    GROUP BY s.hit_id
)
SELECT
    s.hit_id,
    coalesce(o.fund, FALSE) AS since_hit_account_opened,
    coalesce(o.fund, FALSE) OR coalesce(p.registered_on > s.after AND p.registered_on <= s.until, FALSE)
        AS since_hit_opening_progress,
    coalesce(o.margin, FALSE) AS since_hit_margin_opened,
    coalesce(n.bound AND NOT b.bound, FALSE) AS since_hit_depository_active,
    coalesce(b.restricted AND NOT n.restricted, FALSE) AS since_hit_restriction_lifted,
    coalesce(
        list_contains(n.permissions, s.permission) AND NOT list_contains(b.permissions, s.permission), FALSE
    ) AS since_hit_permission_opened
FROM spans AS s
LEFT JOIN opened AS o USING (hit_id)
LEFT JOIN profiles AS p ON p.client_id = s.client_id AND p.seen_on = s.until_seen
LEFT JOIN states AS b ON b.client_id = s.client_id AND b.seen_on = s.after_seen
LEFT JOIN states AS n ON n.client_id = s.client_id AND n.seen_on = s.until_seen
