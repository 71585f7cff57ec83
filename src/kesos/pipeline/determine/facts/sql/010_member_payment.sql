-- grain: one programme and person whom a payment or a listing of the last months names
-- inputs: benefit, payment_programme, paid_period, person_record
-- rerun: safe
-- time: 2 s for 2 million payments
-- A payment counts from the first day of its period, else from the day on which it was observed; one that lies ahead of
-- the day, or too far behind it, says nothing of today.
WITH dated AS (
    SELECT
        payment_programme.programme,
        benefit.person_id,
        COALESCE(paid_period.first_day, person_record.observed_on, person_record.delivered_on) AS first_day,
        COALESCE(paid_period.last_day, person_record.observed_on, person_record.delivered_on) AS last_day
    FROM benefit
    INNER JOIN payment_programme
        ON benefit.programme = payment_programme.written
    INNER JOIN person_record
        ON benefit.record_id = person_record.record_id
    LEFT JOIN paid_period
        ON benefit.benefit_period = paid_period.benefit_period
)

SELECT
    programme,
    'person' AS unit,
    person_id AS unit_id,
    MIN(first_day) AS since,
    'member' AS status
FROM dated
WHERE first_day <= $as_of
GROUP BY programme, person_id
HAVING MAX(last_day) >= $fresh_since
