-- grain: one row of the list whose person the truth knows, with what is true of it for every indication
-- inputs: listed_person, truth_person_row, true_nik, judged_record, delivered_decile, family_sign; $as_of, $decile_limit, $is_of_families
-- rerun: safe
-- time: 2 s for 1 million rows
WITH known_persons AS (
    SELECT DISTINCT person_key
    FROM judged_record
),

of_others AS (
    SELECT
        listed_person.row_number,
        max(CASE WHEN true_nik.person_key <> listed_person.person_key THEN 1 ELSE 0 END) AS has_other,
        max(CASE WHEN true_nik.person_key = listed_person.person_key THEN 1 ELSE 0 END) AS has_own
    FROM listed_person
    INNER JOIN true_nik
        ON listed_person.nik_index = true_nik.nik_index
    GROUP BY listed_person.row_number
),

shared_niks AS (
    SELECT nik_index
    FROM listed_person
    WHERE nik_index IS NOT NULL
    GROUP BY nik_index
    HAVING count(DISTINCT person_key) > 1
),

repeats AS (
    SELECT
        listed_person.row_number,
        truth_person_row.family_key,
        truth_person_row.died_on,
        truth_person_row.residence_village,
        truth_person_row.registered_village,
        count(*) OVER (PARTITION BY listed_person.person_key, listed_person.period, listed_person.component) AS of_person,
        count(*) OVER (PARTITION BY truth_person_row.family_key, listed_person.period) AS of_family,
        count(*) OVER (
            PARTITION BY truth_person_row.family_key, listed_person.period, listed_person.person_key
        ) AS of_family_and_person
    FROM listed_person
    LEFT JOIN truth_person_row
        ON listed_person.person_key = truth_person_row.person_key
)

SELECT
    listed_person.row_number,
    listed_person.person_key,
    repeats.family_key,
    known_persons.person_key IS NULL AS not_found,
    coalesce(of_others.has_other = 1 AND of_others.has_own = 0, false) AS nik_of_another,
    coalesce(repeats.died_on <= $as_of, false) AS died,
    shared_niks.nik_index IS NOT NULL AS nik_shared,
    repeats.of_person > 1
    OR ($is_of_families AND coalesce(repeats.of_family > repeats.of_family_and_person, false)) AS paid_twice,
    coalesce(delivered_decile.official_decile > $decile_limit, false) AS outside_decile,
    coalesce(family_sign.has_civil_servant, false) AS civil_servant_in_family,
    coalesce(family_sign.has_wage, false) AS wage_above_minimum,
    NOT coalesce(family_sign.has_component, true) AS no_component_left,
    coalesce(listed_person.village NOT IN (repeats.residence_village, repeats.registered_village), false) AS moved
FROM listed_person
INNER JOIN repeats
    ON listed_person.row_number = repeats.row_number
LEFT JOIN known_persons
    ON listed_person.person_key = known_persons.person_key
LEFT JOIN of_others
    ON listed_person.row_number = of_others.row_number
LEFT JOIN shared_niks
    ON listed_person.nik_index = shared_niks.nik_index
LEFT JOIN delivered_decile
    ON repeats.family_key = delivered_decile.family_key
LEFT JOIN family_sign
    ON repeats.family_key = family_sign.family_key
