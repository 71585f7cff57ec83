-- grain: one row of the list and one person of its birth date and area, graded: 2 medium, 1 low, 0 another person
-- inputs: birth_compared
-- rerun: safe
-- time: 1 s for 1 million rows
SELECT
    row_number,
    person_id,
    CAST(
        CASE
            WHEN coalesce(name_level, 0) = 1 THEN 10
            WHEN coalesce(name_level, 0) < 2 THEN 0
            WHEN is_in_village THEN 21
            ELSE 20
        END
        AS INTEGER
    ) AS place,
    CAST('name_birth_and_area' AS VARCHAR) AS rule
FROM birth_compared
