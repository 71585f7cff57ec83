-- grain: one family of a dwelling that had a dwelling in the release before, in the same village
-- inputs: family_roof, family_area, prior_family, prior_dwelling
-- rerun: safe
-- time: 1 s for 300,000 families
SELECT
    family_roof.cluster,
    prior_family.dwelling_id AS prior_id,
    0 AS is_founding,
    1 AS known_rows,
    0 AS known_numbers
FROM family_roof
INNER JOIN family_area
    ON family_roof.family_id = family_area.family_id
INNER JOIN prior_family
    ON family_roof.family_id = prior_family.family_id
INNER JOIN prior_dwelling
    ON prior_family.dwelling_id = prior_dwelling.dwelling_id
WHERE coalesce(family_area.residence_village, family_area.registered_village) = prior_dwelling.village
