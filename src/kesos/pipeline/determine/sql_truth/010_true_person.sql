-- grain: one living person of the true world, with the signs that a programme may pay for
-- inputs: true_person_row
-- rerun: safe
-- time: 1 s for 1 million persons
WITH aged AS (
    SELECT
        person_key,
        family_key,
        CAST(
            CASE
                WHEN birth_date > $as_of THEN NULL
                ELSE EXTRACT(YEAR FROM $as_of) - EXTRACT(YEAR FROM birth_date)
                    - CASE
                        WHEN EXTRACT(MONTH FROM $as_of) * 100 + EXTRACT(DAY FROM $as_of)
                            < EXTRACT(MONTH FROM birth_date) * 100 + EXTRACT(DAY FROM birth_date) THEN 1
                        ELSE 0
                    END
            END
            AS INTEGER
        ) AS age,
        coalesce(pregnant_code = 1, false) AS is_pregnant,
        coalesce(school_participation_code = 2 AND education_level_code BETWEEN 1 AND 17, false) AS is_pupil,
        coalesce(
            difficulty_self_care_code <= 2
            OR least(
                coalesce(difficulty_seeing_code, 4),
                coalesce(difficulty_hearing_code, 4),
                coalesce(difficulty_walking_code, 4),
                coalesce(difficulty_using_hands_code, 4),
                coalesce(difficulty_learning_code, 4),
                coalesce(difficulty_behaviour_code, 4),
                coalesce(difficulty_speaking_code, 4),
                coalesce(difficulty_self_care_code, 4),
                coalesce(difficulty_remembering_code, 4)
            ) = 1,
            false
        ) AS is_severely_disabled,
        coalesce(work_status_code = 5, false) AS is_civil_servant
    FROM true_person_row
    WHERE died_on IS NULL
)

SELECT
    person_key,
    family_key,
    is_pregnant
    OR coalesce(age <= $young_to, false)
    OR (is_pupil AND coalesce(age BETWEEN 5 AND 21, false))
    OR is_severely_disabled
    OR coalesce(age >= $elder_from, false) AS has_component,
    is_civil_servant
FROM aged
