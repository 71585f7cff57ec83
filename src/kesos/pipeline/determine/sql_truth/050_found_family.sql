-- grain: one family of the true world, with the best that was determined for it
-- inputs: true_family, determined_family
-- rerun: safe
-- time: 1 s for 300,000 families
WITH ranked AS (
    SELECT
        family_key,
        outcome,
        row_number() OVER (
            PARTITION BY family_key
            ORDER BY
                CASE
                    WHEN outcome = 'eligible' THEN 1
                    WHEN outcome = 'to_verify' THEN 2
                    WHEN outcome = 'not_eligible_otherwise' THEN 3
                    ELSE 4
                END,
                family_id
        ) AS place
    FROM determined_family
    WHERE family_key IS NOT NULL
)

SELECT
    true_family.family_key,
    true_family.persons,
    true_family.decile,
    true_family.persons_before * 10 AS tenths_before,
    (true_family.has_component OR NOT $needs_component)
    AND NOT (true_family.has_civil_servant AND $excludes_civil_servants) AS may_receive,
    true_family.has_component OR NOT $needs_component AS has_component,
    true_family.has_civil_servant AND $excludes_civil_servants AS is_excluded,
    coalesce(ranked.outcome, 'not_in_registry') AS outcome
FROM true_family
LEFT JOIN ranked
    ON true_family.family_key = ranked.family_key AND ranked.place = 1
