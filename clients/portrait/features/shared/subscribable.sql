-- The new shares and bonds that a client may subscribe to on the day: his account reaches the exchange and, for shares
-- of boards that ask for one, he has the permission. Subscription is on the `ex_date` of the event.
-- reads: accounts, securities, security_events 60
WITH allowed AS (
    SELECT
        client_id,
        list(market) AS markets,
        flatten(list(string_split(coalesce(permissions, ''), ';'))) AS permissions
    FROM accounts
    WHERE kind = 'securities' AND status = 'normal' AND opened_on <= data_day()
    GROUP BY client_id
),
offered AS (
    SELECT DISTINCT s.id AS security_id, s.type, s.exchange, s.board
    FROM security_events AS e
    JOIN securities AS s ON s.id = e.security_id
    WHERE e.kind = 'ipo' AND e.ex_date = data_day() AND e.reversal_of = '' AND NOT EXISTS (
        SELECT 1 FROM security_events AS r WHERE r.security_id = e.security_id AND r.reversal_of = e.event_no
    )
)
SELECT a.client_id, o.security_id, o.type
FROM allowed AS a
JOIN offered AS o ON
    o.type = 'cb'
    OR (o.type = 'stock' AND o.board = 'bse' AND list_contains(a.permissions, 'BSE'))
    OR (
        o.type = 'stock' AND o.board IS DISTINCT FROM 'bse' AND list_contains(a.markets, o.exchange)
        AND (o.board IS NULL OR o.board NOT IN ('star', 'gem') OR list_contains(a.permissions, upper(o.board)))
    )
