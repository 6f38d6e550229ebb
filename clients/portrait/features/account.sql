-- The client's accounts: how old, in which state, with which permissions and assets, and where he stands in opening one.
-- Permissions are those of accounts that are not closed. The stages of opening between registration and the account
-- come with the counter services: until then nobody is seen in one of them.
-- reads: fund_accounts, asset_averages, assets, trade_totals, clients, profiles, accounts, assessments, permission_rules
WITH granted AS (
    SELECT DISTINCT client_id, unnest(string_split(permissions, ';')) AS code
    FROM accounts
    WHERE status <> 'closed' AND opened_on <= data_day()
),
permitted AS (
    SELECT
        g.client_id,
        list(g.code) AS codes,
        count(*) FILTER (WHERE r.min_level > a.level AND a.valid_to >= data_day()) AS mismatched
    FROM granted AS g
    LEFT JOIN permission_rules AS r USING (code)
    LEFT JOIN assessments AS a USING (client_id)
    GROUP BY g.client_id
),
gathered AS (
    SELECT
        client_id,
        min(first_trade_on) FILTER (WHERE first_trade_on <= data_day()) AS first_trade_on,
        max(star_on) FILTER (WHERE status <> 'closed' AND star_on <= data_day()) AS star_on,
        bool_or(kind IN ('fund', 'securities') AND status IN ('restricted', 'dormant')) AS restricted,
        bool_or(status <> 'closed' AND kind = 'securities' AND market = 'SH') AS shanghai,
        bool_or(status <> 'closed' AND kind = 'securities' AND market = 'SZ') AS shenzhen,
        bool_or(status <> 'closed' AND kind = 'ta') AS funds,
        bool_or(status <> 'closed' AND kind = 'pension') AS pension,
        arg_min(commission, {'kind': kind, 'auxiliary': NOT main, 'opened': opened_on, 'id': id}) FILTER (
            WHERE commission IS NOT NULL AND status <> 'closed' AND kind IN ('fund', 'securities')
        ) AS commission
    FROM accounts
    WHERE opened_on <= data_day()
    GROUP BY client_id
),
known AS (
    SELECT
        c.client_id, c.status AS client_status, p.registered_on, p.lead_on, f.account_id, f.opened_on, f.closed_on,
        f.status AS account_status, m.depository, coalesce(r.codes, []) AS codes, r.mismatched, t.last_day,
        g.* EXCLUDE (client_id), s.net_20td, s.total_90d, s.peak_365d, s.total, v.cash, v.market_value,
        f.account_id::VARCHAR AS account_key,
        CASE WHEN s.sh_20td >= param('ipo_least_value') THEN floor(s.sh_20td / param('ipo_unit_value')) END
            AS shanghai_units,
        CASE WHEN s.sz_20td >= param('ipo_least_value') THEN floor(s.sz_20td / param('ipo_unit_value')) END
            AS shenzhen_units
    FROM clients AS c
    LEFT JOIN profiles AS p USING (client_id)
    LEFT JOIN fund_accounts AS f USING (client_id)
    LEFT JOIN accounts AS m ON m.id = f.account_id
    LEFT JOIN permitted AS r USING (client_id)
    LEFT JOIN gathered AS g USING (client_id)
    LEFT JOIN asset_averages AS s USING (client_id)
    LEFT JOIN assets AS v USING (client_id)
    LEFT JOIN trade_totals AS t USING (client_id)
)
SELECT
    client_id,
    account_status,
    CASE
        WHEN account_id IS NOT NULL THEN 'opened'
        WHEN registered_on <= data_day() THEN 'registered'
        WHEN lead_on <= data_day() THEN 'lead'
    END AS opening_stage,
    CASE WHEN account_id IS NULL AND (registered_on <= data_day() OR lead_on <= data_day()) THEN client_id::VARCHAR END
        AS opening_stage__key,
    data_day() - opened_on AS account_age_days,
    account_key AS account_age_days__key,
    coalesce(
        data_day() > opened_on AND data_day() = opened_on + to_years((year(data_day()) - year(opened_on))::INT), FALSE
    ) AS account_anniversary_today,
    data_day() - closed_on AS account_closed_days,
    CASE WHEN closed_on IS NOT NULL THEN account_key END AS account_closed_days__key,
    coalesce(mismatched, 0) AS mismatched_permission_cnt,
    CASE WHEN account_id IS NOT NULL THEN list_contains(codes, 'GEM') END AS perm_gem,
    CASE WHEN account_id IS NOT NULL THEN 'GEM' END AS perm_gem__key,
    CASE WHEN account_id IS NOT NULL THEN list_contains(codes, 'STAR') END AS perm_star,
    CASE WHEN account_id IS NOT NULL THEN 'STAR' END AS perm_star__key,
    CASE WHEN account_id IS NOT NULL THEN list_contains(codes, 'BSE') END AS perm_bse,
    CASE WHEN account_id IS NOT NULL THEN 'BSE' END AS perm_bse__key,
    CASE WHEN account_id IS NOT NULL THEN list_contains(codes, 'HK') END AS perm_hk,
    CASE WHEN account_id IS NOT NULL THEN 'HK' END AS perm_hk__key,
    CASE WHEN account_id IS NOT NULL THEN list_contains(codes, 'CB') END AS perm_cb,
    CASE WHEN account_id IS NOT NULL THEN 'CB' END AS perm_cb__key,
    CASE WHEN list_contains(codes, 'STAR') THEN data_day() - star_on END AS days_since_perm_star_open,
    CASE WHEN list_contains(codes, 'STAR') AND star_on IS NOT NULL THEN 'STAR' END AS days_since_perm_star_open__key,
    datesub('month', first_trade_on, data_day()) AS trading_experience_months,
    CASE WHEN account_id IS NOT NULL THEN restricted END AS account_restricted,
    account_key AS account_restricted__key,
    CASE WHEN account_id IS NOT NULL THEN
        account_status <> 'closed' AND coalesce(market_value, 0) <= param('small_dormant_value')
        AND coalesce(cash, 0) <= param('small_dormant_cash')
        AND greatest(opened_on, last_day) <= data_day() - to_years(param('small_dormant_years')::INT)
    END AS is_small_dormant,
    account_key AS is_small_dormant__key,
    net_20td AS assets_avg_20td,
    total_90d AS assets_avg_90d,
    peak_365d AS assets_peak_365d,
    total / nullif(peak_365d, 0) AS assets_vs_peak_365d,
    CASE depository WHEN 'none' THEN 'none' WHEN 'active' THEN 'active' WHEN 'changing' THEN 'pending' END
        AS depository_bank_status,
    CASE WHEN account_id IS NOT NULL THEN coalesce(shanghai, FALSE) END AS has_sh_account,
    account_key AS has_sh_account__key,
    CASE WHEN account_id IS NOT NULL THEN coalesce(shenzhen, FALSE) END AS has_sz_account,
    CASE WHEN account_id IS NOT NULL THEN coalesce(funds, FALSE) END AS has_fund_account,
    CASE WHEN account_id IS NOT NULL THEN commission * 10000 END AS commission_rate_bps,
    coalesce(shanghai_units, 0) * param('ipo_unit_shares') + coalesce(shenzhen_units, 0) * param('ipo_unit_shares')
        AS ipo_quota,
    CASE WHEN account_id IS NOT NULL THEN coalesce(pension, FALSE) END AS pension_account_opened
FROM known
