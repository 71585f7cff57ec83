-- grain: one row of a source about a person, with the person that it was linked to
-- inputs: person_standard, record_cluster, record_rule, person_assignment
-- rerun: safe
-- time: 4 s for 2 million records
SELECT
    person_standard.record_id,
    person_standard.source,
    person_standard.delivery,
    person_standard.row_number,
    person_standard.row_key,
    person_standard.delivered_on,
    person_standard.observed_on,
    person_standard.nik_index,
    person_standard.nik_sealed,
    person_standard.nik_note,
    person_standard.nik_date_agrees,
    person_standard.nik_sex_agrees,
    person_standard.kk_index,
    person_standard.kk_sealed,
    person_standard.kk_note,
    person_standard.name,
    person_standard.name_normal,
    person_standard.name_key,
    person_standard.sex,
    person_standard.birth_date,
    person_standard.birth_place,
    person_standard.mother_name_normal,
    person_standard.relation_code,
    person_standard.marital_status_code,
    person_standard.registered_village,
    person_standard.residence_village,
    person_standard.street,
    person_standard.hamlet,
    person_standard.rt,
    person_standard.rw,
    person_standard.life_status,
    person_standard.died_on,
    person_standard.school_participation_code,
    person_standard.education_level_code,
    person_standard.diploma_code,
    person_standard.is_working_code,
    person_standard.work_sector_code,
    person_standard.work_status_code,
    person_standard.business_sector_code,
    person_standard.paid_workers_count,
    person_standard.unpaid_workers_count,
    person_standard.business_turnover_code,
    person_standard.pregnant_code,
    person_standard.nutrition_code,
    person_standard.difficulty_seeing_code,
    person_standard.difficulty_hearing_code,
    person_standard.difficulty_walking_code,
    person_standard.difficulty_using_hands_code,
    person_standard.difficulty_learning_code,
    person_standard.difficulty_behaviour_code,
    person_standard.difficulty_speaking_code,
    person_standard.difficulty_self_care_code,
    person_standard.difficulty_remembering_code,
    person_standard.sadness_code,
    person_standard.chronic_illness_code,
    person_standard.is_civil_servant,
    person_standard.wage_per_month_idr,
    person_standard.programme,
    person_standard.benefit_period,
    person_standard.benefit_amount_idr,
    person_assignment.id AS person_id,
    CASE
        WHEN record_cluster.record_id = record_cluster.cluster THEN 'founder'
        ELSE record_rule.rule
    END AS link_rule
FROM person_standard
INNER JOIN record_cluster
    ON person_standard.record_id = record_cluster.record_id
INNER JOIN person_assignment
    ON record_cluster.cluster = person_assignment.cluster
LEFT JOIN record_rule
    ON person_standard.record_id = record_rule.record_id
ORDER BY
    person_assignment.id,
    person_standard.record_id
