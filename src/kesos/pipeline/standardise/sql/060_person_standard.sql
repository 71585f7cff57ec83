-- grain: one row of a source about a person, standardised; record_id is its place in the order of (source, row key, delivery)
-- inputs: person_raw, person_order, name_standard, address_standard, unit_standard, place_standard
-- rerun: safe
-- time: 4 s for 2 million records
SELECT
    person_order.record_id,
    raw.source,
    raw.delivery,
    raw.row_number,
    raw.row_key,
    raw.delivered_on,
    coalesce(raw.observed_on, raw.delivered_on) AS observed_on,
    raw.nik_index,
    raw.nik_sealed,
    raw.nik_note,
    raw.nik_date_agrees,
    raw.nik_sex_agrees,
    raw.kk_index,
    raw.kk_sealed,
    raw.kk_note,
    person_name.name,
    person_name.name_normal,
    person_name.name_key,
    raw.sex,
    raw.birth_date,
    place_standard.place AS birth_place,
    mother_name.name_normal AS mother_name_normal,
    raw.relation_code,
    raw.marital_status_code,
    raw.registered_village,
    raw.residence_village,
    address_standard.street,
    address_standard.hamlet,
    coalesce(rt_standard.unit, address_standard.rt) AS rt,
    coalesce(rw_standard.unit, address_standard.rw) AS rw,
    raw.life_status,
    raw.died_on,
    raw.school_participation_code,
    raw.education_level_code,
    raw.diploma_code,
    raw.is_working_code,
    raw.work_sector_code,
    raw.work_status_code,
    raw.business_sector_code,
    raw.paid_workers_count,
    raw.unpaid_workers_count,
    raw.business_turnover_code,
    raw.pregnant_code,
    raw.nutrition_code,
    raw.difficulty_seeing_code,
    raw.difficulty_hearing_code,
    raw.difficulty_walking_code,
    raw.difficulty_using_hands_code,
    raw.difficulty_learning_code,
    raw.difficulty_behaviour_code,
    raw.difficulty_speaking_code,
    raw.difficulty_self_care_code,
    raw.difficulty_remembering_code,
    raw.sadness_code,
    raw.chronic_illness_code,
    raw.is_civil_servant,
    raw.wage_per_month_idr,
    raw.programme,
    raw.benefit_period,
    raw.benefit_amount_idr
FROM person_raw AS raw
INNER JOIN person_order
    ON
        raw.source = person_order.source
        AND raw.delivery = person_order.delivery
        AND raw.row_key = person_order.row_key
LEFT JOIN name_standard AS person_name
    ON raw.name_raw = person_name.value
LEFT JOIN name_standard AS mother_name
    ON raw.mother_name_raw = mother_name.value
LEFT JOIN address_standard
    ON raw.address_raw = address_standard.value
LEFT JOIN place_standard
    ON raw.birth_place_raw = place_standard.value
LEFT JOIN unit_standard AS rt_standard
    ON raw.rt_raw = rt_standard.value
LEFT JOIN unit_standard AS rw_standard
    ON raw.rw_raw = rw_standard.value
