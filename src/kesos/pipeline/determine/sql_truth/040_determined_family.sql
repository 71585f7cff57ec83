-- grain: one family of the release that the programme was determined for
-- inputs: determination, family, family_truth, decile_clause
-- rerun: safe
-- time: 1 s for 300,000 families
WITH failed AS (
    SELECT determination.unit_id
    FROM determination
    INNER JOIN decile_clause
        ON determination.outcomes // decile_clause.weight % 4 = 0
    WHERE determination.programme = $programme AND determination.eligibility = 'not_eligible'
    GROUP BY determination.unit_id
)

SELECT
    determination.unit_id AS family_id,
    family.active_members AS persons,
    family.official_decile,
    family_truth.family_key,
    CASE
        WHEN determination.eligibility <> 'not_eligible' THEN determination.eligibility
        WHEN failed.unit_id IS NOT NULL THEN 'not_eligible_by_decile'
        ELSE 'not_eligible_otherwise'
    END AS outcome
FROM determination
INNER JOIN family
    ON determination.unit_id = family.family_id
LEFT JOIN family_truth
    ON determination.unit_id = family_truth.family_id
LEFT JOIN failed
    ON determination.unit_id = failed.unit_id
WHERE determination.programme = $programme
