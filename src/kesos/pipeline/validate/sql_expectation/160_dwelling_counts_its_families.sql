-- severity: must
-- grain: one row: rows checked, rows failing
-- inputs: family, dwelling
-- rerun: safe
-- time: below 1 s a million rows
-- A dwelling that a family lives in exists and counts it.
WITH lived_in AS (
    SELECT dwelling_id, COUNT(*) AS families
    FROM family
    WHERE dwelling_id IS NOT NULL
    GROUP BY dwelling_id
)

SELECT
    COUNT(*) AS checked,
    COUNT(*) FILTER (WHERE dwelling.family_count IS DISTINCT FROM lived_in.families) AS failing
FROM lived_in
LEFT JOIN dwelling ON lived_in.dwelling_id = dwelling.dwelling_id
