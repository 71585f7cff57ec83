-- grain: one outcome of truly entitled families
-- inputs: found_family
-- rerun: safe
-- time: 1 s for 300,000 families
SELECT
    outcome,
    count(*) AS families,
    CAST(sum(CAST(persons AS BIGINT)) AS BIGINT) AS persons
FROM found_family
WHERE may_receive AND tenths_before < $poor_tenths
GROUP BY outcome
