-- The bar of every security on the last trading day of its exchange, and where it closed against its limits.
-- Where the feed gives no limits they follow from the board's rule: previous close and ratio, rounded half up to the
-- tick. A close outside such limits was a day without any. Adjusted prices and unknown boards stay unknown.
-- reads: bars 15, securities, board_rules
WITH rules AS (
    SELECT board, risk_warned, arg_max(limit_ratio, effective_from) AS ratio
    FROM board_rules
    GROUP BY board, risk_warned
),
derived AS (
    SELECT
        b.*,
        CASE WHEN s.tick = 0.001 THEN round(prev_close * (1 + ratio), 3) ELSE round(prev_close * (1 + ratio), 2) END AS up,
        CASE WHEN s.tick = 0.001 THEN round(prev_close * (1 - ratio), 3) ELSE round(prev_close * (1 - ratio), 2) END AS down
    FROM bars AS b
    JOIN securities AS s ON s.id = b.security_id
    JOIN last_open AS o ON o.exchange = s.exchange AND o.day = b.day
    LEFT JOIN rules AS r ON r.board = s.board AND r.risk_warned = (s.risk_flag IN ('st', 'star_st')) AND NOT b.adjusted
)
SELECT
    security_id,
    CASE WHEN status <> 'suspended' THEN (close / prev_close - 1) * 100 END AS pct_chg,
    CASE
        WHEN status = 'suspended' THEN 'suspended'
        WHEN status IN ('first_day', 'no_limit') THEN 'none'
        WHEN close >= limit_up OR (limit_up IS NULL AND close = up) THEN 'limit_up'
        WHEN close <= limit_down OR (limit_down IS NULL AND close = down) THEN 'limit_down'
        WHEN coalesce(limit_up, up) > coalesce(limit_down, down) THEN 'none'
    END AS limit_status
FROM derived
