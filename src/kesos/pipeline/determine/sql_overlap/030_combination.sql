-- grain: one set of programmes that some families have, of a kind: chosen (for it) or received (today)
-- inputs: family_aid
-- rerun: safe
-- time: 1 s for 3 million families
SELECT
    'chosen' AS kind,
    chosen AS mask,
    count(*) AS families,
    CAST(sum(persons) AS BIGINT) AS persons,
    CAST(sum(CAST(chosen_idr AS BIGINT)) AS BIGINT) AS amount_idr
FROM family_aid
GROUP BY chosen
UNION ALL
SELECT
    'received' AS kind,
    received AS mask,
    count(*) AS families,
    CAST(sum(persons) AS BIGINT) AS persons,
    CAST(NULL AS BIGINT) AS amount_idr
FROM family_aid
GROUP BY received
