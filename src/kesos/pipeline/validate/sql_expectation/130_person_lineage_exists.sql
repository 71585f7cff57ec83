-- severity: must
-- grain: one row: rows checked, rows failing
-- inputs: person_lineage, person_record
-- rerun: safe
-- time: below 1 s a million rows
-- Every name, birth date and status of life rests on a record of that very person.
WITH named AS (
    SELECT person_id, name_record_id AS record_id FROM person_lineage
    UNION ALL
    SELECT person_id, birth_date_record_id AS record_id FROM person_lineage
    UNION ALL
    SELECT person_id, life_status_record_id AS record_id FROM person_lineage
)

SELECT
    COUNT(*) AS checked,
    COUNT(*) FILTER (WHERE person_record.person_id IS DISTINCT FROM named.person_id) AS failing
FROM named
LEFT JOIN person_record ON named.record_id = person_record.record_id
WHERE named.record_id IS NOT NULL
