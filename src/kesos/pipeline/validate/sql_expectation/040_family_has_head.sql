-- severity: should
-- grain: one row: rows checked, rows failing
-- inputs: family
-- rerun: safe
-- time: below 1 s a million rows
-- A family with members has a head.
SELECT
    COUNT(*) AS checked,
    COUNT(*) FILTER (WHERE head_person_id IS NULL) AS failing
FROM family
WHERE active_members > 0
