-- severity: must
-- grain: one row: rows checked, rows failing
-- inputs: person, family, known_village
-- rerun: safe
-- time: below 1 s a million rows
-- Every village that stands in a person or family is a village of the reference.
WITH named AS (
    SELECT registered_village AS village FROM person
    UNION ALL
    SELECT residence_village AS village FROM person
    UNION ALL
    SELECT registered_village AS village FROM family
    UNION ALL
    SELECT residence_village AS village FROM family
)

SELECT
    COUNT(*) AS checked,
    COUNT(*) FILTER (WHERE known_village.village IS NULL) AS failing
FROM named
LEFT JOIN known_village ON named.village = known_village.village
WHERE named.village IS NOT NULL
