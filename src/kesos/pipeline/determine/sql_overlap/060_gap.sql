-- grain: one official decile (null: none was received), and what its families get
-- inputs: family_aid
-- rerun: safe
-- time: 1 s for 3 million families
WITH placed AS (
    SELECT
        decile,
        persons,
        received > 0 AS is_receiving,
        chosen_idr,
        chosen = 0 AS has_nothing,
        chosen = 0 AND to_verify > 0 AS is_to_verify,
        chosen = 0 AND to_verify = 0 AND waiting > 0 AS is_waiting
    FROM family_aid
)

SELECT
    decile,
    count(*) AS families,
    CAST(sum(persons) AS BIGINT) AS persons,
    CAST(sum(has_nothing) AS BIGINT) AS nothing,
    CAST(sum(is_to_verify) AS BIGINT) AS nothing_to_verify,
    CAST(sum(is_waiting) AS BIGINT) AS nothing_waiting,
    CAST(sum(is_receiving) AS BIGINT) AS receiving,
    CAST(sum(has_nothing AND is_receiving) AS BIGINT) AS nothing_receiving,
    CAST(sum(CAST(chosen_idr AS BIGINT)) AS BIGINT) AS chosen_idr
FROM placed
GROUP BY decile
