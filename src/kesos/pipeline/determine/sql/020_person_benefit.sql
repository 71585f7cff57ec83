-- grain: one unit, by its place in `standing`, with a person that is paid for, or whose component is unknown
-- inputs: paid_person, offer
-- rerun: safe
-- time: 0.3 s for 4 million persons
WITH said AS (
    SELECT
        place,
        CAST(amount_idr AS BIGINT) AS amount_idr,
        0 AS open_persons
    FROM paid_person
    UNION ALL
    SELECT
        place,
        CAST(0 AS BIGINT) AS amount_idr,
        1 AS open_persons
    FROM offer
    WHERE is_open
)

SELECT
    place,
    CAST(sum(CAST(amount_idr AS BIGINT)) AS BIGINT) AS paid_idr,
    max(open_persons) = 1 AS paid_is_open
FROM said
GROUP BY place
