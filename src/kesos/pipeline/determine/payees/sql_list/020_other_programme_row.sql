-- grain: one row of the list that is of another programme, or of none where the list names programmes
-- inputs: person_standard, programme_word; $header_row, $names_programmes
-- rerun: safe
-- time: below 1 s for 1 million rows
SELECT
    person_standard.row_number,
    person_standard.row_number + CAST($header_row AS BIGINT) AS line_number,
    person_standard.residence_village AS village,
    person_standard.programme
FROM person_standard
LEFT JOIN programme_word
    ON person_standard.programme = programme_word.programme
WHERE $names_programmes AND NOT coalesce(programme_word.is_asked_for, false)
