-- What the client is: his particulars, his standing with us, his risk assessment and what he agreed to.
-- Reads one row a client of each table; whoever is not registered, or has opened no account, is unknown as defined.
-- reads: fund_accounts, asset_averages, clients, profiles, assessments, consents, contacts
WITH tiers AS (
    SELECT
        client_id,
        max(rank) FILTER (WHERE total_90d >= least) AS tier,
        max(rank) FILTER (WHERE total_90d_before >= least) AS tier_before
    FROM asset_averages
    CROSS JOIN (
        VALUES (0, CAST('-inf' AS DOUBLE)), (1, param('client_tier_silver')), (2, param('client_tier_gold')),
            (3, param('client_tier_platinum')), (4, param('client_tier_diamond'))
    ) AS levels (rank, least)
    GROUP BY client_id
),
agreed AS (
    SELECT
        client_id,
        bool_or(purpose = 'privacy' AND given AND version = param_text('privacy_policy_version')) AS privacy,
        max(id) FILTER (
            WHERE purpose IN ('marketing', 'personalisation') AND NOT given AND given_before
            AND CAST("at" AS DATE) > prev_day() AND CAST("at" AS DATE) <= data_day()
        ) AS withdrawal
    FROM consents
    GROUP BY client_id
),
known AS (
    SELECT
        c.client_id, c.kind, c.status, c.opened_on, c.age, p.* EXCLUDE (id, client_id), f.account_id, t.*
            EXCLUDE (client_id), g.privacy, g.withdrawal, a.* EXCLUDE (client_id), o.tried_on,
        p.registered_on <= data_day() AS registered,
        a.valid_to >= data_day() AS valid,
        a.newest_on > data_day() - 30 AS assessed_lately
    FROM clients AS c
    LEFT JOIN profiles AS p USING (client_id)
    LEFT JOIN fund_accounts AS f USING (client_id)
    LEFT JOIN tiers AS t USING (client_id)
    LEFT JOIN agreed AS g USING (client_id)
    LEFT JOIN assessments AS a USING (client_id)
    LEFT JOIN contacts AS o USING (client_id)
)
SELECT
    client_id,
    CASE WHEN registered THEN data_day() - registered_on END AS days_since_registration,
    CASE
        WHEN lead_on IS NULL OR lead_on > data_day() THEN 'none'
        WHEN status = 'lead' THEN if(tried_on IS NULL, 'new', 'contacted')
        WHEN status = 'closed' AND opened_on IS NULL THEN 'lost'
        ELSE 'converted'
    END AS lead_status,
    CASE WHEN lead_on <= data_day() THEN client_id::VARCHAR END AS lead_status__key,
    CASE WHEN lead_on <= data_day() THEN data_day() - lead_on END AS days_since_lead_created,
    age,
    days_to_birthday,
    CASE tier WHEN 0 THEN 'basic' WHEN 1 THEN 'silver' WHEN 2 THEN 'gold' WHEN 3 THEN 'platinum' WHEN 4 THEN 'diamond' END
        AS client_tier,
    CASE WHEN tier > tier_before THEN 'up' WHEN tier < tier_before THEN 'down' ELSE 'none' END
        AS client_tier_changed_1d,
    mobile_shared AS mobile_shared_client_cnt,
    coalesce(manager_changed_on > data_day() - 30 AND manager_changed_on <= data_day(), FALSE) AS manager_changed_30d,
    CASE WHEN account_id IS NOT NULL THEN tax_declared END AS tax_residency_declared,
    CASE WHEN account_id IS NOT NULL THEN 'tax_residency' END AS tax_residency_declared__key,
    identity_missing AS identity_missing_field_cnt,
    CASE WHEN identity_missing > 0 THEN 'identity:' || identity_missing END AS identity_missing_field_cnt__key,
    CASE WHEN registered THEN coalesce(privacy, FALSE) END AS privacy_consent_current,
    CASE WHEN registered THEN 'privacy:' || param_text('privacy_policy_version') END AS privacy_consent_current__key,
    withdrawal IS NOT NULL AS marketing_consent_withdrawn_1d,
    withdrawal::VARCHAR AS marketing_consent_withdrawn_1d__key,
    CASE WHEN valid THEN level END AS client_risk_level,
    CASE WHEN valid THEN lowest END AS is_lowest_risk_class,
    CASE WHEN assessed_lately AND before IS NOT NULL THEN greatest(before - newest_level, 0) END AS client_risk_level_drop,
    CASE WHEN assessed_lately AND before IS NOT NULL THEN newest_id::VARCHAR END AS client_risk_level_drop__key,
    CASE WHEN valid THEN 'valid' WHEN valid_to IS NOT NULL THEN 'expired' ELSE 'none' END AS risk_assessment_status,
    id::VARCHAR AS risk_assessment_status__key,
    valid_to - data_day() AS risk_assessment_days_to_expiry,
    coalesce(in_30_days, 0) AS risk_assessment_cnt_30d,
    CASE WHEN in_30_days > 0 THEN newest_id::VARCHAR END AS risk_assessment_cnt_30d__key,
    CASE WHEN id_valid_to < DATE '9999-12-31' THEN id_valid_to - data_day() END AS id_doc_days_to_expiry,
    CASE WHEN id_valid_to < DATE '9999-12-31' THEN id_valid_to::VARCHAR END AS id_doc_days_to_expiry__key
FROM known
