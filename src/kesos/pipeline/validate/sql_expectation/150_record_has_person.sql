-- severity: must
-- grain: one row: rows checked, rows failing
-- inputs: person_record, person
-- rerun: safe
-- time: below 1 s a million rows
-- No record is lost: each belongs to a person of the release.
SELECT
    COUNT(*) AS checked,
    COUNT(*) FILTER (WHERE person.person_id IS NULL) AS failing
FROM person_record
LEFT JOIN person ON person_record.person_id = person.person_id
