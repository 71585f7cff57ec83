-- grain: one payment or listing of a person under a programme, as a source reports it
-- inputs: person_record
-- rerun: safe
-- time: under 1 s for 2 million records
SELECT
    record_id,
    person_id,
    programme,
    benefit_period,
    benefit_amount_idr
FROM person_record
WHERE programme IS NOT NULL
