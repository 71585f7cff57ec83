-- severity: should
-- grain: one row: rows checked, rows failing
-- inputs: person
-- rerun: safe
-- time: below 1 s a million rows
-- Nobody dies before birth; date and death may come from different sources.
SELECT
    COUNT(*) AS checked,
    COUNT(*) FILTER (WHERE died_on < birth_date) AS failing
FROM person
WHERE died_on IS NOT NULL AND birth_date IS NOT NULL
