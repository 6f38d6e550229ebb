SELECT id, security_id, event_no, kind, announced_on, ex_date, record_date, pay_date, last_day, value, price
FROM told
WHERE kind <> 'news' AND last_day >= the_day() - 10
