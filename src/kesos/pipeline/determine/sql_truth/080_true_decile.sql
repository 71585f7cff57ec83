-- grain: one true decile: its families, those entitled by what else the rule asks, and what was determined for them
-- inputs: found_family
-- rerun: safe
-- time: 1 s for 300,000 families
SELECT
    decile,
    count(*) AS families,
    CAST(sum(CAST(persons AS BIGINT)) AS BIGINT) AS persons,
    CAST(sum(may_receive) AS BIGINT) AS may_receive,
    CAST(sum(outcome = 'eligible') AS BIGINT) AS eligible,
    CAST(sum(outcome = 'to_verify') AS BIGINT) AS to_verify,
    CAST(sum(outcome = 'not_in_registry') AS BIGINT) AS not_in_registry
FROM found_family
GROUP BY decile
