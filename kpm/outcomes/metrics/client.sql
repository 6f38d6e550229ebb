-- What the client brought up to date: risk assessment, identity, particulars, tax residency, preferences, privacy.
-- Particulars are compared between the last settled day up to the delivery and up to the end of the window.
-- reads: profiles, assessments, consents, events
WITH said AS (
    SELECT
        s.hit_id,
        bool_or(c.purpose IN ('marketing', 'personalisation', 'behaviour', 'service_push')) AS preference,
        bool_or(c.purpose = 'privacy' AND c.version = param_text('privacy_policy_version')) AS privacy
    FROM spans AS s
    JOIN consents AS c ON c.client_id = s.client_id AND c.seen_on = s.until_seen
        AND within(CAST(c."at" AS DATE), c."at", s.after, s.until, s.since)
    GROUP BY s.hit_id
),
chosen AS (
    SELECT DISTINCT s.hit_id
    FROM spans AS s
    JOIN events AS e ON e.client_id = s.client_id AND within(e.day, e.happened_at, s.after, s.until, s.since)
    JOIN plan AS p ON p.event = e.event AND p.meaning = 'news_preferences_saved'
)
SELECT
    s.hit_id,
    coalesce(a.newest_on > s.after AND a.newest_on <= s.until, FALSE) AS since_hit_risk_retest,
    coalesce(n.id_valid_to > b.id_valid_to OR (n.id_valid_to IS NOT NULL AND b.id_valid_to IS NULL), FALSE)
        AS since_hit_id_updated,
    coalesce(n.identity_missing < b.identity_missing, FALSE) AS since_hit_profile_updated,
    coalesce(n.tax_declared AND NOT b.tax_declared, FALSE) AS since_hit_tax_declared,
    coalesce(c.preference, FALSE) OR h.hit_id IS NOT NULL AS since_hit_pref_updated,
    coalesce(c.privacy, FALSE) AS since_hit_privacy_confirmed
FROM spans AS s
LEFT JOIN profiles AS b ON b.client_id = s.client_id AND b.seen_on = s.after_seen
LEFT JOIN profiles AS n ON n.client_id = s.client_id AND n.seen_on = s.until_seen
LEFT JOIN assessments AS a ON a.client_id = s.client_id AND a.seen_on = s.until_seen
LEFT JOIN said AS c USING (hit_id)
LEFT JOIN chosen AS h USING (hit_id)
