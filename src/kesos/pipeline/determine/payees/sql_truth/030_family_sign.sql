-- grain: one family of the true world: whether a living member has a component, is a civil servant, has a wage above the minimum
-- inputs: true_person, truth_person_row, judged_record, person_record, minimum_wage
-- rerun: safe
-- time: 1 s for 1 million persons
WITH wages AS (
    SELECT
        judged_record.person_key,
        max(person_record.wage_per_month_idr) AS wage_idr
    FROM judged_record
    INNER JOIN person_record
        ON judged_record.record_id = person_record.record_id
    WHERE person_record.wage_per_month_idr IS NOT NULL
    GROUP BY judged_record.person_key
)

SELECT
    true_person.family_key,
    max(CASE WHEN true_person.has_component THEN 1 ELSE 0 END) = 1 AS has_component,
    max(CASE WHEN true_person.is_civil_servant THEN 1 ELSE 0 END) = 1 AS has_civil_servant,
    max(CASE WHEN wages.wage_idr > minimum_wage.minimum_wage_idr THEN 1 ELSE 0 END) = 1 AS has_wage
FROM true_person
INNER JOIN truth_person_row
    ON true_person.person_key = truth_person_row.person_key
LEFT JOIN wages
    ON true_person.person_key = wages.person_key
LEFT JOIN minimum_wage
    ON substr(truth_person_row.registered_village, 1, 2) = minimum_wage.area
GROUP BY true_person.family_key
