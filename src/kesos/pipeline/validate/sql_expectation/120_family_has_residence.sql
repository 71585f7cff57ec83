-- severity: should
-- grain: one row: rows checked, rows failing
-- inputs: family
-- rerun: safe
-- time: below 1 s a million rows
-- A family has a village of residence, else no area can serve it.
SELECT
    COUNT(*) AS checked,
    COUNT(*) FILTER (WHERE residence_village IS NULL) AS failing
FROM family
