-- grain: one row of the list that is to be audited, standardised
-- inputs: person_standard, list_component, programme_word; $header_row, $names_programmes
-- rerun: safe
-- time: 1 s for 1 million rows
SELECT
    person_standard.row_number,
    person_standard.row_number + CAST($header_row AS BIGINT) AS line_number,
    person_standard.name,
    person_standard.name_normal,
    person_standard.birth_date,
    person_standard.nik_index,
    person_standard.nik_sealed,
    person_standard.nik_note,
    person_standard.kk_index,
    person_standard.residence_village AS village,
    person_standard.hamlet,
    person_standard.street,
    person_standard.rt,
    person_standard.rw,
    person_standard.benefit_period AS period,
    person_standard.benefit_amount_idr AS amount_idr,
    CASE
        WHEN person_standard.benefit_period LIKE '%-T_' THEN person_standard.benefit_amount_idr * 4
        WHEN person_standard.benefit_period LIKE '____-__' THEN person_standard.benefit_amount_idr * 12
    END AS amount_a_year_idr,
    upper(trim(list_component.komponen)) AS component
FROM person_standard
LEFT JOIN list_component
    ON person_standard.row_number = list_component.row_number
LEFT JOIN programme_word
    ON person_standard.programme = programme_word.programme
WHERE NOT $names_programmes OR programme_word.is_asked_for
