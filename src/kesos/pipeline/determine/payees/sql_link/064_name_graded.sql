-- grain: one row of the list and one person of its name in its village, graded: 1 low
-- inputs: name_compared
-- rerun: safe
-- time: below 1 s for 1 million rows
SELECT
    row_number,
    person_id,
    CAST(CASE WHEN name_level = 3 THEN 10 ELSE 0 END AS INTEGER) AS place,
    CAST('name_and_village' AS VARCHAR) AS rule
FROM name_compared
