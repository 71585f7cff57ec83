-- severity: should
-- grain: one row: rows checked, rows failing
-- inputs: identity
-- rerun: safe
-- time: below 1 s a million rows
-- An accepted NIK belongs to one person.
WITH holders AS (
    SELECT blind_index, COUNT(DISTINCT subject_id) AS persons
    FROM identity
    WHERE field = 'nik' AND ordinal = 0
    GROUP BY blind_index
)

SELECT
    COUNT(*) AS checked,
    COUNT(*) FILTER (WHERE persons > 1) AS failing
FROM holders
