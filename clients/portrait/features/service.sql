-- What people of the house did for the client, and what he asked to be moved away.
-- The application for another bank shows as the state of his fund account: `changing`, or unbound after active.
-- Applications are facts that the counter services write down; the newest of a kind names the object.
-- reads: clients, contacts, accounts, live_flows 7, facts 15
WITH transferred AS (
    SELECT client_id, -sum(amount) AS value, arg_max(id, {'day': day, 'id': id}) AS newest
    FROM live_flows
    WHERE kind = 'custody_out'
    GROUP BY client_id
),
bank AS (
    SELECT client_id, max({'day': depository_changed_on, 'id': id}) AS newest
    FROM accounts
    WHERE kind = 'fund' AND depository_changed_on > prev_day() AND depository_changed_on <= data_day()
    GROUP BY client_id
),
applied AS (
    SELECT
        client_id,
        arg_max(object_id, {'at': happened_at, 'id': id}) FILTER (WHERE properties ->> '$.service' = 'acct.close') AS account,
        arg_max(object_id, {'at': happened_at, 'id': id}) FILTER (WHERE properties ->> '$.service' = 'margin.close') AS margin
    FROM facts
    WHERE kind = 'application_submitted' AND day > prev_day()
    GROUP BY client_id
)
SELECT
    c.client_id,
    data_day() - contacts.reached_on AS days_since_last_contact,
    bank.newest IS NOT NULL AS depository_change_applied_1d,
    bank.newest.id || ':' || bank.newest.day AS depository_change_applied_1d__key,
    applied.account IS NOT NULL AS account_close_applied_1d,
    applied.account AS account_close_applied_1d__key,
    applied.margin IS NOT NULL AS margin_close_applied_1d,
    applied.margin AS margin_close_applied_1d__key,
    coalesce(transferred.value, 0) AS custody_transfer_out_value_7d,
    transferred.newest::VARCHAR AS custody_transfer_out_value_7d__key
FROM clients AS c
LEFT JOIN contacts USING (client_id)
LEFT JOIN transferred USING (client_id)
LEFT JOIN bank USING (client_id)
LEFT JOIN applied USING (client_id)
