-- grain: one judged record, with the group that it is in by each way of grouping
-- inputs: judged_record, truth_person
-- rerun: safe
-- time: 1 s for 2 million records
WITH persons AS (
    SELECT
        person_key,
        min(name) AS name,
        min(sex) AS sex,
        min(birth_date) AS birth_date,
        min(residence_village) AS residence_village
    FROM truth_person
    GROUP BY person_key
),

known_records AS (
    SELECT
        judged_record.record_id,
        judged_record.source,
        judged_record.is_without_nik,
        judged_record.is_held_out,
        coalesce(persons.birth_date, judged_record.birth_date) AS birth_date,
        coalesce(persons.sex, judged_record.sex) AS sex,
        coalesce(persons.name, judged_record.name_normal) AS name,
        substr(coalesce(persons.residence_village, judged_record.village), 1, 1) AS island_digit
    FROM judged_record
    LEFT JOIN persons
        ON judged_record.person_key = persons.person_key
)

SELECT
    record_id,
    source,
    birth_date,
    CASE
        WHEN sex IN ('1', 'male') THEN 'male'
        WHEN sex IN ('2', 'female') THEN 'female'
    END AS sex,
    CASE
        WHEN island_digit IN ('1', '2') THEN 'sumatera'
        WHEN island_digit = '3' THEN 'jawa'
        WHEN island_digit = '5' THEN 'bali_nusa_tenggara'
        WHEN island_digit = '6' THEN 'kalimantan'
        WHEN island_digit = '7' THEN 'sulawesi'
        WHEN island_digit = '8' THEN 'maluku'
        WHEN island_digit = '9' THEN 'papua'
    END AS island,
    CASE WHEN name LIKE '% %' THEN 'several_words' WHEN name IS NOT NULL THEN 'single_name' END AS name_words,
    CASE WHEN is_without_nik THEN 'without_nik' ELSE 'with_nik' END AS nik,
    CASE WHEN is_held_out THEN 'held_out' ELSE 'known' END AS patterns
FROM known_records
