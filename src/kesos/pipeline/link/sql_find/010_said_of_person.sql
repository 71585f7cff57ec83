-- grain: one way in which records speak of a person: its name, birth, sex, mother, village and number
-- inputs: person_record
-- rerun: safe
-- time: 2 s for 2 million records
WITH records AS (
    SELECT
        person_id,
        name_normal,
        name_key,
        sex,
        birth_date,
        mother_name_normal,
        coalesce(residence_village, registered_village) AS village,
        nik_index
    FROM person_record
)

SELECT DISTINCT
    person_id,
    name_normal,
    name_key,
    sex,
    birth_date,
    mother_name_normal,
    village,
    nik_index
FROM records
ORDER BY
    person_id,
    name_normal,
    name_key,
    sex,
    birth_date,
    mother_name_normal,
    village,
    nik_index
