-- grain: one record that was joined to another, and the strongest rule that joined it
-- inputs: person_edge
-- rerun: safe
-- time: 1 s for 1 million pairs
WITH ends AS (
    SELECT
        record_id,
        rule
    FROM person_edge
    UNION ALL
    SELECT
        other_record_id AS record_id,
        rule
    FROM person_edge
)

SELECT
    record_id,
    min(rule) AS rule
FROM ends
GROUP BY record_id
