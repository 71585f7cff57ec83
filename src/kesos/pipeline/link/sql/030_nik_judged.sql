-- grain: one pair of records that carry the same NIK, with what its name, birth date and sex say about it
-- inputs: nik_compared
-- rerun: safe
-- time: 1 s for 1 million pairs
WITH levelled_pairs AS (
    SELECT
        record_id,
        other_record_id,
        is_same_family_card,
        name_level,
        CASE
            WHEN birth_date IS NULL OR other_birth_date IS NULL THEN NULL
            WHEN birth_date = other_birth_date THEN 2
            WHEN
                extract(DAY FROM birth_date) = extract(MONTH FROM other_birth_date)
                AND extract(MONTH FROM birth_date) = extract(DAY FROM other_birth_date)
                AND extract(YEAR FROM birth_date) = extract(YEAR FROM other_birth_date)
                THEN 1
            WHEN
                CAST(extract(DAY FROM birth_date) = extract(DAY FROM other_birth_date) AS INTEGER)
                + CAST(extract(MONTH FROM birth_date) = extract(MONTH FROM other_birth_date) AS INTEGER)
                + CAST(extract(YEAR FROM birth_date) = extract(YEAR FROM other_birth_date) AS INTEGER) = 2
                THEN 1
            ELSE 0
        END AS birth_level,
        coalesce(sex <> other_sex, false) AS is_other_sex
    FROM nik_compared
)

SELECT
    record_id,
    other_record_id,
    is_same_family_card,
    name_level,
    birth_level,
    CASE
        WHEN is_other_sex THEN coalesce(name_level = 3 AND birth_level = 2, false)
        WHEN name_level IS NULL THEN coalesce(birth_level = 2, false)
        WHEN name_level = 3 THEN true
        WHEN name_level = 2 THEN birth_level IS NULL OR birth_level >= 1
        WHEN name_level = 1 THEN coalesce(birth_level = 2, false)
        ELSE false
    END AS is_same_person
FROM levelled_pairs
