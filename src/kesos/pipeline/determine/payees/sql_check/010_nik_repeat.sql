-- grain: one row of the list whose NIK stands on more rows than one, beside the first of them
-- inputs: payee_row
-- rerun: safe
-- time: 1 s for 1 million rows
WITH firsts AS (
    SELECT
        nik_index,
        min(row_number) AS first_row
    FROM payee_row
    WHERE nik_index IS NOT NULL
    GROUP BY nik_index
    HAVING count(*) > 1
)

SELECT
    payee_row.row_number,
    firsts.first_row,
    payee_row.name_normal AS listed_name,
    earliest.name_normal AS held_name,
    payee_row.birth_date = earliest.birth_date AS is_born_alike
FROM payee_row
INNER JOIN firsts
    ON payee_row.nik_index = firsts.nik_index
INNER JOIN payee_row AS earliest
    ON firsts.first_row = earliest.row_number
