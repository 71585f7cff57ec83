-- severity: should
-- grain: one row: rows checked, rows failing
-- inputs: membership
-- rerun: safe
-- time: below 1 s a million rows
-- No family has two heads.
WITH heads AS (
    SELECT family_id, COUNT(*) FILTER (WHERE relation_code = 1) AS number_of_heads
    FROM membership
    WHERE is_active
    GROUP BY family_id
)

SELECT
    COUNT(*) AS checked,
    COUNT(*) FILTER (WHERE number_of_heads > 1) AS failing
FROM heads
