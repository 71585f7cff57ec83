-- grain: one record that was joined to another, and the strongest rule that joined it
-- inputs: link_edge
-- rerun: safe
-- time: 1 s for 1 million pairs
WITH ends AS (
    SELECT
        record_id,
        rule
    FROM link_edge
    WHERE band = 'linked'
    UNION ALL
    SELECT
        other_record_id AS record_id,
        rule
    FROM link_edge
    WHERE band = 'linked'
),

ranked_ends AS (
    SELECT
        record_id,
        rule,
        CASE rule
            WHEN 'answered' THEN 1
            WHEN 'same_nik' THEN 2
            WHEN 'same_row' THEN 3
            ELSE 4
        END AS place
    FROM ends
)

SELECT
    record_id,
    arg_min(rule, place) AS rule
FROM ranked_ends
GROUP BY record_id
