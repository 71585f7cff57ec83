-- grain: one family that is asked for, or that shares a dwelling with one
-- inputs: named_family, family
-- rerun: safe
-- time: 1 s for 3 million families
WITH shared_dwelling AS (
    SELECT DISTINCT family.dwelling_id
    FROM family
    INNER JOIN named_family
        ON family.family_id = named_family.family_id
    WHERE family.dwelling_id IS NOT NULL
)

SELECT family.family_id
FROM family
LEFT JOIN shared_dwelling
    ON family.dwelling_id = shared_dwelling.dwelling_id
WHERE
    shared_dwelling.dwelling_id IS NOT NULL
    OR family.family_id IN (SELECT named_family.family_id FROM named_family)
ORDER BY family.family_id
