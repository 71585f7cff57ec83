-- grain: one record that is to be shown, with what an operator may see of it
-- inputs: person_record, shown_id
-- rerun: safe
-- time: 1 s for 2 million records
SELECT
    person_record.record_id,
    person_record.person_id,
    person_record.row_key,
    person_record.source,
    person_record.observed_on,
    person_record.name,
    person_record.sex,
    person_record.birth_date,
    person_record.birth_place,
    person_record.mother_name_normal,
    person_record.relation_code,
    coalesce(person_record.residence_village, person_record.registered_village) AS village,
    person_record.street,
    person_record.rt,
    person_record.rw,
    person_record.programme,
    person_record.nik_note
FROM person_record
INNER JOIN shown_id
    ON person_record.record_id = shown_id.record_id
