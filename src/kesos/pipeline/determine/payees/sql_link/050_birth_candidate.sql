-- grain: one row of the list that is not settled, and one person born that day in its village, or of its name in its regency
-- inputs: payee_row, settled, person
-- rerun: safe
-- time: 4 s for 1 million rows and 10 million persons
WITH open_rows AS (
    SELECT
        payee_row.row_number,
        payee_row.name_normal,
        payee_row.birth_date,
        payee_row.village,
        substr(payee_row.village, 1, 4) AS regency
    FROM payee_row
    LEFT JOIN settled
        ON payee_row.row_number = settled.row_number
    WHERE settled.row_number IS NULL AND payee_row.birth_date IS NOT NULL AND payee_row.village IS NOT NULL
),

places AS (
    SELECT
        person_id,
        name_normal,
        birth_date,
        residence_village AS village
    FROM person
    WHERE residence_village IS NOT NULL AND birth_date IN (SELECT open_rows.birth_date FROM open_rows)
    UNION
    SELECT
        person_id,
        name_normal,
        birth_date,
        registered_village AS village
    FROM person
    WHERE registered_village IS NOT NULL AND birth_date IN (SELECT open_rows.birth_date FROM open_rows)
),

found AS (
    SELECT
        open_rows.row_number,
        places.person_id,
        open_rows.name_normal AS listed_name,
        places.name_normal AS held_name,
        true AS is_in_village
    FROM open_rows
    INNER JOIN places
        ON
            open_rows.birth_date = places.birth_date
            AND open_rows.village = places.village
    UNION ALL
    SELECT
        open_rows.row_number,
        places.person_id,
        open_rows.name_normal AS listed_name,
        places.name_normal AS held_name,
        false AS is_in_village
    FROM open_rows
    INNER JOIN places
        ON
            open_rows.birth_date = places.birth_date
            AND open_rows.name_normal = places.name_normal
            AND open_rows.regency = substr(places.village, 1, 4)
)

SELECT
    row_number,
    person_id,
    listed_name,
    held_name,
    max(CASE WHEN is_in_village THEN 1 ELSE 0 END) = 1 AS is_in_village
FROM found
GROUP BY row_number, person_id, listed_name, held_name
