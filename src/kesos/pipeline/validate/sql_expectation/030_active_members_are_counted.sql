-- severity: must
-- grain: one row: rows checked, rows failing
-- inputs: family, membership
-- rerun: safe
-- time: below 1 s a million rows
-- The members that a family says it has are those whose active membership is in it.
WITH active AS (
    SELECT family_id, COUNT(*) AS members
    FROM membership
    WHERE is_active
    GROUP BY family_id
)

SELECT
    COUNT(*) AS checked,
    COUNT(*) FILTER (WHERE family.active_members <> COALESCE(active.members, 0)) AS failing
FROM family
LEFT JOIN active ON family.family_id = active.family_id
