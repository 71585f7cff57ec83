-- grain: one eligible unit of an area with a quota, with its place in a total order
-- inputs: placed
-- rerun: safe
-- time: 1 s for 4 million units; 2 s if all are alike
-- The draw is made only among units that are alike in every key: nobody else's place hangs on it.
SELECT
    unit_id,
    place,
    quota_area,
    quota,
    first_rank,
    alike,
    first_rank AS rank
FROM placed
WHERE alike = 1
UNION ALL
SELECT
    unit_id,
    place,
    quota_area,
    quota,
    first_rank,
    alike,
    first_rank - 1 + row_number() OVER (
        PARTITION BY quota_area, first_rank
        ORDER BY sha256($draw || CAST(unit_id AS VARCHAR)), unit_id
    ) AS rank
FROM placed
WHERE alike > 1
