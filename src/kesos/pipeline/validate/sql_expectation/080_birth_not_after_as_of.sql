-- severity: must
-- grain: one row: rows checked, rows failing
-- inputs: person; $as_of
-- rerun: safe
-- time: below 1 s a million rows
-- Nobody is born after the day of the release.
SELECT
    COUNT(*) AS checked,
    COUNT(*) FILTER (WHERE birth_date > CAST($as_of AS DATE)) AS failing
FROM person
WHERE birth_date IS NOT NULL
