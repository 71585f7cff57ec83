-- grain: one record of the release whose person the truth knows
-- inputs: person_record, known_row
-- rerun: safe
-- time: 1 s for 2 million records
SELECT
    person_record.record_id,
    person_record.person_id,
    person_record.source,
    person_record.name_normal,
    person_record.sex,
    person_record.birth_date,
    coalesce(person_record.residence_village, person_record.registered_village) AS village,
    person_record.nik_index IS NULL AS is_without_nik,
    known_row.person_key,
    known_row.is_held_out
FROM person_record
INNER JOIN known_row
    ON
        person_record.source = known_row.source
        AND person_record.delivery = known_row.delivery
        AND person_record.row_number = known_row.row_number
