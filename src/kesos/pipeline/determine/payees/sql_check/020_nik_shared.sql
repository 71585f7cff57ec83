-- grain: one row of the list whose NIK stands on rows of different persons
-- inputs: nik_repeat_compared
-- rerun: safe
-- time: 1 s for 1 million rows
WITH judged AS (
    SELECT
        row_number,
        first_row,
        name_level = 0 OR (name_level = 1 AND NOT coalesce(is_born_alike, true)) AS is_another,
        name_level = 0 AND NOT coalesce(is_born_alike, false) AS is_quite_another
    FROM nik_repeat_compared
),

others AS (
    SELECT
        first_row,
        min(row_number) AS other_row,
        max(CASE WHEN is_quite_another THEN 3 ELSE 2 END) AS confidence
    FROM judged
    WHERE is_another
    GROUP BY first_row
)

SELECT
    judged.row_number,
    CASE WHEN judged.is_another THEN judged.first_row ELSE others.other_row END AS other_row,
    CAST(others.confidence AS SMALLINT) AS confidence
FROM judged
INNER JOIN others
    ON judged.first_row = others.first_row
