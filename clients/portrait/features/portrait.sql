-- What was concluded of a client at the close of the trading day before: the traits of a day are concluded from its
-- features, so its features can know those of the day before only (docs/adr/0014).
-- reads: clients, traits 15, consents, declarations
WITH silent AS (
    -- Who has refused since then: what was concluded used what he does not agree to any more. A day too many is right.
    SELECT client_id
    FROM consents
    WHERE NOT given
        AND (purpose = 'personalisation'
            OR purpose = 'behaviour' AND CAST(greatest("at", arrived_at) AS DATE) >= prev_day())
    GROUP BY client_id
),
objections AS (SELECT client_id, list(trait) AS traits FROM declarations WHERE value = '' GROUP BY client_id),
known AS (
    SELECT t.*, coalesce(o.traits, []) AS objected
    FROM traits AS t
    ANTI JOIN silent AS s ON s.client_id = t.client_id
    LEFT JOIN objections AS o ON o.client_id = t.client_id
    WHERE t.day = prev_day()
)
SELECT
    c.client_id,
    CASE WHEN NOT list_contains(objected, 'activity') THEN trait_activity END AS trait_activity,
    CASE WHEN NOT list_contains(objected, 'activity') THEN trait_activity_confidence END AS trait_activity_confidence,
    CASE WHEN NOT list_contains(objected, 'horizon') THEN trait_horizon END AS trait_horizon,
    CASE WHEN NOT list_contains(objected, 'horizon') THEN trait_horizon_confidence END AS trait_horizon_confidence,
    CASE WHEN NOT list_contains(objected, 'style') THEN trait_style END AS trait_style,
    CASE WHEN NOT list_contains(objected, 'style') THEN trait_style_confidence END AS trait_style_confidence,
    CASE WHEN NOT list_contains(objected, 'risk_appetite') THEN trait_risk_appetite END AS trait_risk_appetite,
    CASE WHEN NOT list_contains(objected, 'risk_appetite') THEN trait_risk_appetite_confidence END
        AS trait_risk_appetite_confidence,
    CASE WHEN NOT list_contains(objected, 'industry') THEN nullif(trait_industry, '') END AS trait_industry,
    CASE WHEN NOT list_contains(objected, 'industry') AND trait_industry <> '' THEN trait_industry_confidence END
        AS trait_industry_confidence,
    CASE WHEN NOT list_contains(objected, 'products') THEN trait_products END AS trait_products,
    CASE WHEN NOT list_contains(objected, 'products') THEN trait_products_confidence END AS trait_products_confidence,
    CASE WHEN NOT list_contains(objected, 'margin') THEN trait_margin END AS trait_margin,
    CASE WHEN NOT list_contains(objected, 'margin') THEN trait_margin_confidence END AS trait_margin_confidence,
    CASE WHEN NOT list_contains(objected, 'rhythm') THEN trait_rhythm END AS trait_rhythm,
    CASE WHEN NOT list_contains(objected, 'rhythm') THEN trait_rhythm_confidence END AS trait_rhythm_confidence,
    CASE WHEN NOT list_contains(objected, 'platform') THEN trait_platform END AS trait_platform,
    CASE WHEN NOT list_contains(objected, 'platform') THEN trait_platform_confidence END AS trait_platform_confidence,
    CASE WHEN NOT list_contains(objected, 'information') THEN trait_information END AS trait_information,
    CASE WHEN NOT list_contains(objected, 'information') THEN trait_information_confidence END
        AS trait_information_confidence,
    CASE WHEN NOT list_contains(objected, 'price_sensitivity') THEN trait_price_sensitivity END
        AS trait_price_sensitivity,
    CASE WHEN NOT list_contains(objected, 'price_sensitivity') THEN trait_price_sensitivity_confidence END
        AS trait_price_sensitivity_confidence,
    CASE WHEN NOT list_contains(objected, 'wealth') THEN trait_wealth END AS trait_wealth,
    CASE WHEN NOT list_contains(objected, 'wealth') THEN trait_wealth_confidence END AS trait_wealth_confidence,
    CASE WHEN NOT list_contains(objected, 'life_stage') THEN trait_life_stage END AS trait_life_stage,
    CASE WHEN NOT list_contains(objected, 'life_stage') THEN trait_life_stage_confidence END
        AS trait_life_stage_confidence,
    CASE WHEN NOT list_contains(objected, 'occupation') THEN trait_occupation END AS trait_occupation,
    CASE WHEN NOT list_contains(objected, 'occupation') THEN trait_occupation_confidence END
        AS trait_occupation_confidence,
    CASE WHEN NOT list_contains(objected, 'household') THEN trait_household END AS trait_household,
    CASE WHEN NOT list_contains(objected, 'household') THEN trait_household_confidence END
        AS trait_household_confidence,
    CASE WHEN NOT list_contains(objected, 'goal') THEN trait_goal END AS trait_goal,
    CASE WHEN NOT list_contains(objected, 'goal') THEN trait_goal_confidence END AS trait_goal_confidence,
    CASE WHEN NOT list_contains(objected, 'broker') THEN trait_broker END AS trait_broker,
    CASE WHEN NOT list_contains(objected, 'broker') THEN trait_broker_confidence END AS trait_broker_confidence,
    CASE WHEN NOT list_contains(objected, 'churn') THEN trait_churn END AS trait_churn,
    CASE WHEN NOT list_contains(objected, 'churn') THEN trait_churn_confidence END AS trait_churn_confidence,
    CASE WHEN NOT list_contains(objected, 'contact_time') THEN trait_contact_time END AS trait_contact_time,
    CASE WHEN NOT list_contains(objected, 'contact_time') THEN trait_contact_time_confidence END
        AS trait_contact_time_confidence,
    CASE WHEN NOT list_contains(objected, 'contact_channel') THEN trait_contact_channel END AS trait_contact_channel,
    CASE WHEN NOT list_contains(objected, 'contact_channel') THEN trait_contact_channel_confidence END
        AS trait_contact_channel_confidence
FROM clients AS c
LEFT JOIN known AS k ON k.client_id = c.client_id
