-- severity: should
-- grain: one row: rows checked, rows failing
-- inputs: family
-- rerun: safe
-- time: below 1 s a million rows
-- Families have an official decile; without one they cannot be placed by it.
SELECT
    COUNT(*) AS checked,
    COUNT(*) FILTER (WHERE official_decile IS NULL) AS failing
FROM family
