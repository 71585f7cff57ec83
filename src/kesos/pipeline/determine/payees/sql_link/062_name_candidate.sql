-- grain: one row of the list that is not settled and has no birth date, and one person of its name in its village
-- inputs: payee_row, settled, person
-- rerun: safe
-- time: 1 s for 1 million rows and 10 million persons
WITH open_rows AS (
    SELECT
        payee_row.row_number,
        payee_row.name_normal,
        payee_row.village
    FROM payee_row
    LEFT JOIN settled
        ON payee_row.row_number = settled.row_number
    WHERE
        settled.row_number IS NULL
        AND payee_row.birth_date IS NULL
        AND payee_row.village IS NOT NULL
        -- One word names many.
        AND payee_row.name_normal LIKE '% %'
)

SELECT
    open_rows.row_number,
    person.person_id,
    open_rows.name_normal AS listed_name,
    person.name_normal AS held_name
FROM open_rows
INNER JOIN person
    ON
        open_rows.name_normal = person.name_normal
        AND (open_rows.village = person.residence_village OR open_rows.village = person.registered_village)
