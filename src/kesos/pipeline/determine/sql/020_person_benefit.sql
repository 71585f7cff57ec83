-- grain: one unit with a person that is paid for, or whose component is unknown
-- inputs: paid_person, offer
-- rerun: safe
-- time: 0.3 s for 4 million persons
WITH said AS (
    SELECT
        unit_id,
        CAST(amount_idr AS BIGINT) AS amount_idr,
        0 AS open_persons
    FROM paid_person
    UNION ALL
    SELECT
        unit_id,
        CAST(0 AS BIGINT) AS amount_idr,
        1 AS open_persons
    FROM offer
    WHERE is_open
)

SELECT
    unit_id,
    CAST(sum(CAST(amount_idr AS BIGINT)) AS BIGINT) AS amount_idr,
    max(open_persons) = 1 AS is_open
FROM said
GROUP BY unit_id
