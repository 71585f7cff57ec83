-- grain: one programme and source that reports payments of it
-- inputs: benefit, payment_programme, person_record
-- rerun: safe
-- time: 1 s for 2 million payments
SELECT DISTINCT
    payment_programme.programme,
    person_record.source
FROM benefit
INNER JOIN payment_programme
    ON benefit.programme = payment_programme.written
INNER JOIN person_record
    ON benefit.record_id = person_record.record_id
ORDER BY payment_programme.programme, person_record.source
