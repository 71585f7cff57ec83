-- severity: must
-- grain: one row: rows checked, rows failing
-- inputs: membership
-- rerun: safe
-- time: below 1 s a million rows
-- A person is in at most one active family.
WITH active_families AS (
    SELECT person_id, COUNT(*) AS families
    FROM membership
    WHERE is_active
    GROUP BY person_id
)

SELECT
    COUNT(*) AS checked,
    COUNT(*) FILTER (WHERE families > 1) AS failing
FROM active_families
