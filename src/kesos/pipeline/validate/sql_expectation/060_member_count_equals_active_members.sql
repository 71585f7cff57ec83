-- severity: should
-- grain: one row: rows checked, rows failing
-- inputs: family
-- rerun: safe
-- time: below 1 s a million rows
-- The members that the source counts are as many as the registry knows.
SELECT
    COUNT(*) AS checked,
    COUNT(*) FILTER (WHERE member_count <> active_members) AS failing
FROM family
WHERE member_count IS NOT NULL
