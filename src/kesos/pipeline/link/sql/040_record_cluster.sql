-- grain: one record of a person, with the founding record (lowest id) of the person it speaks of
-- inputs: person_standard, linked_record
-- rerun: safe
-- time: 1 s for 2 million records
SELECT
    person_standard.record_id,
    coalesce(linked_record.cluster, person_standard.record_id) AS cluster
FROM person_standard
LEFT JOIN linked_record
    ON person_standard.record_id = linked_record.record_id
