-- grain: one true family known to the release and within the covered area: entitled and not on the list, by the truth
-- inputs: family_truth, delivered_decile, family_sign, row_truth, family, covered_village; $decile_limit, $needs_component, $by_registered
-- rerun: safe
-- time: 1 s for 300,000 families
WITH paid_families AS (
    SELECT DISTINCT family_key
    FROM row_truth
    WHERE family_key IS NOT NULL
),

placed AS (
    SELECT
        family_truth.family_id,
        family_truth.family_key,
        CASE
            WHEN $by_registered THEN coalesce(family.registered_village, family.residence_village)
            ELSE coalesce(family.residence_village, family.registered_village)
        END AS village
    FROM family_truth
    INNER JOIN family
        ON family_truth.family_id = family.family_id
)

SELECT
    placed.family_id,
    coalesce(delivered_decile.official_decile <= $decile_limit, false)
    AND (NOT $needs_component OR coalesce(family_sign.has_component, false))
    AND NOT coalesce(family_sign.has_civil_servant, false)
    AND NOT coalesce(family_sign.has_wage, false)
    AND paid_families.family_key IS NULL AS is_true
FROM placed
INNER JOIN covered_village
    ON placed.village = covered_village.village
LEFT JOIN delivered_decile
    ON placed.family_key = delivered_decile.family_key
LEFT JOIN family_sign
    ON placed.family_key = family_sign.family_key
LEFT JOIN paid_families
    ON placed.family_key = paid_families.family_key
