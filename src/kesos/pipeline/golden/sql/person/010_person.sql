-- grain: one person of the population
-- inputs: person_golden, person_count, membership, person_record
-- rerun: safe
-- time: 3 s for 1 million persons
WITH active_memberships AS (
    SELECT
        person_id,
        family_id,
        relation_code
    FROM membership
    WHERE is_active
)

SELECT
    person_golden.person_id,
    active_memberships.family_id,
    active_memberships.relation_code,
    person_golden.name,
    person_golden.name_normal,
    person_golden.name_key,
    person_golden.sex,
    person_golden.birth_date,
    person_golden.birth_place,
    person_golden.mother_name_normal,
    person_golden.marital_status_code,
    person_golden.registered_village,
    person_golden.residence_village,
    person_golden.street,
    person_golden.hamlet,
    person_golden.rt,
    person_golden.rw,
    person_golden.life_status,
    person_golden.died_on,
    person_golden.school_participation_code,
    person_golden.education_level_code,
    person_golden.diploma_code,
    person_golden.is_working_code,
    person_golden.work_sector_code,
    person_golden.work_status_code,
    person_golden.business_sector_code,
    person_golden.paid_workers_count,
    person_golden.unpaid_workers_count,
    person_golden.business_turnover_code,
    person_golden.pregnant_code,
    person_golden.nutrition_code,
    person_golden.difficulty_seeing_code,
    person_golden.difficulty_hearing_code,
    person_golden.difficulty_walking_code,
    person_golden.difficulty_using_hands_code,
    person_golden.difficulty_learning_code,
    person_golden.difficulty_behaviour_code,
    person_golden.difficulty_speaking_code,
    person_golden.difficulty_self_care_code,
    person_golden.difficulty_remembering_code,
    person_golden.sadness_code,
    person_golden.chronic_illness_code,
    person_golden.is_civil_servant,
    person_golden.wage_per_month_idr,
    registered_record.observed_on AS registered_as_of,
    residence_record.observed_on AS residence_as_of,
    CASE
        WHEN person_count.distinct_niks = 0 THEN 'none'
        WHEN person_count.distinct_niks > 1 THEN 'conflicting'
        WHEN person_count.sources_with_nik > 1 THEN 'agreed'
        ELSE 'single'
    END AS nik_status,
    person_count.record_count,
    person_count.source_count,
    person_count.facts_as_of
FROM person_golden
INNER JOIN person_count
    ON person_golden.person_id = person_count.person_id
LEFT JOIN active_memberships
    ON person_golden.person_id = active_memberships.person_id
LEFT JOIN person_record AS registered_record
    ON person_golden.registered_village_record_id = registered_record.record_id
LEFT JOIN person_record AS residence_record
    ON person_golden.residence_village_record_id = residence_record.record_id
