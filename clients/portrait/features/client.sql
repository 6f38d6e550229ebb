-- What the client is: the level of his valid risk assessment.
-- reads: assessments
SELECT client_id, level AS client_risk_level
FROM assessments
WHERE valid_to >= data_day()
