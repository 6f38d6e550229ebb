WITH kinds(number, kind, market, share) AS (
    VALUES (1, 'fund', 'OTC', 1), (2, 'securities', 'SH', 0.96), (3, 'securities', 'SZ', 0.94),
    (4, 'credit_fund', 'OTC', 0), (5, 'ta', 'OTC', 0.4), (6, 'pension', 'OTC', 0.02)
)
SELECT
    p.client_id * 10 + k.number AS id, p.client_id, k.kind, k.market, k.number = 1 AS main,
    CASE
        WHEN p.life = 'closed' THEN 'closed'
        WHEN u(p.client_id, 'frozen') < 0.002 THEN 'frozen'
        WHEN u(p.client_id, 'frozen') < 0.012 THEN 'restricted'
        WHEN p.life = 'sleeper' THEN 'dormant'
        ELSE 'normal'
    END AS status,
    p.opened_on,
    CASE WHEN p.life = 'closed' THEN data_day() - pick(p.client_id, 'closed', 90) END AS closed_on,
    p.branch_id,
    CASE WHEN k.kind = 'securities' AND p.life <> 'newcomer' THEN p.opened_on + 30 END AS first_trade_on,
    CASE WHEN k.kind = 'securities' THEN concat_ws(
        ';',
        CASE WHEN u(p.client_id, 'GEM') < 0.5 THEN 'GEM' END,
        CASE WHEN u(p.client_id, 'STAR') < 0.2 THEN 'STAR' END,
        CASE WHEN u(p.client_id, 'BSE') < 0.1 THEN 'BSE' END,
        CASE WHEN u(p.client_id, 'CB') < 0.6 THEN 'CB' END
    ) ELSE '' END AS permissions,
    CASE
        WHEN k.kind <> 'fund' THEN ''
        WHEN u(p.client_id, 'bank') < 0.95 THEN 'active'
        WHEN u(p.client_id, 'bank') < 0.98 THEN 'none'
        ELSE 'changing'
    END AS depository,
    CASE WHEN k.kind IN ('fund', 'securities') THEN 0.0001 + u(p.client_id, 'commission') * 0.0003 END AS commission,
    CASE WHEN k.number = 2 AND u(p.client_id, 'STAR') < 0.2 THEN p.opened_on + 60 END AS star_on,
    CASE WHEN k.number = 1 AND u(p.client_id, 'bank') >= 0.98 THEN data_day() - pick(p.client_id, 'bank since', 10) END
        AS depository_changed_on
FROM people AS p
JOIN kinds AS k ON u(p.client_id, k.kind || k.market) < k.share OR (k.kind = 'credit_fund' AND p.life = 'margin')
WHERE p.opened_on IS NOT NULL
