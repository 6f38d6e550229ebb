-- Who lives in the branch: kinds of lives with their shares, and how much of everything each has (1 = the average of
-- all). Read by the other files; `wealth` is in CNY.
WITH lives(life, up_to, trades, holdings, events) AS (
    VALUES
        ('lead', 0.03, 0, 0, 0.4), ('closed', 0.05, 0, 0, 0.05), ('sleeper', 0.18, 0, 0.6, 0.05),
        ('newcomer', 0.23, 0.6, 0.4, 2), ('trader', 0.31, 4.5, 1.1, 3), ('margin', 0.36, 3, 1.5, 2),
        ('saver', 0.50, 0.3, 0.5, 0.9), ('leaver', 0.55, 0.8, 0.3, 0.4), ('holder', 1, 0.9, 1.4, 0.9)
),
born AS (
    SELECT first_client() + i AS client_id, u(i, 'life') AS drawn, u(i, 'wealth') AS luck FROM range(clients()) r(i)
)
SELECT
    b.client_id,
    l.life,
    round(power(10, 3.2 + 3.4 * b.luck), 2) AS wealth,
    l.trades / avg(l.trades) OVER () AS trades,
    l.holdings / avg(l.holdings) OVER () AS holdings,
    l.events / avg(l.events) OVER () AS events,
    b.client_id % managers() + 1 AS manager_id,
    (b.client_id % managers()) % branches() + 1 AS branch_id,
    CASE
        WHEN l.life = 'newcomer' THEN data_day() - pick(b.client_id, 'opened', 60)
        WHEN l.life <> 'lead' THEN data_day() - 100 - pick(b.client_id, 'opened', 5000)
    END AS opened_on,
    CASE WHEN l.life = 'lead' THEN data_day() - pick(b.client_id, 'lead', 30) END AS lead_on
FROM born AS b
ASOF JOIN lives AS l ON b.drawn < l.up_to
