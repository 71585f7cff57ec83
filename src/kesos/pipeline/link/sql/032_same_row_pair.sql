-- grain: one record and the first of those that are the same row of a source delivered again
-- inputs: person_standard
-- rerun: safe
-- time: 2 s for 2 million records
-- A row known by a name alone may be anybody of that name: it is not taken for the one delivered before.
WITH repeated_rows AS (
    SELECT
        source,
        row_key,
        min(record_id) AS record_id
    FROM person_standard
    WHERE coalesce(nik_index, kk_index) IS NOT NULL OR birth_date IS NOT NULL
    GROUP BY
        source,
        row_key
    HAVING count(*) > 1
)

SELECT
    repeated_rows.record_id,
    person_standard.record_id AS other_record_id
FROM repeated_rows
INNER JOIN person_standard
    ON
        repeated_rows.source = person_standard.source
        AND repeated_rows.row_key = person_standard.row_key
WHERE repeated_rows.record_id < person_standard.record_id
