-- grain: two programmes, in the order of the list (or one with itself): the families that have both
-- inputs: combination, programme_bit
-- rerun: safe
-- time: 1 s for 300,000 sets and 20 programmes
WITH pairs AS (
    SELECT
        one.programme,
        other.programme AS other_programme,
        one.bit | other.bit AS both_bits
    FROM programme_bit AS one
    INNER JOIN programme_bit AS other
        ON one.bit <= other.bit
)

SELECT
    pairs.programme,
    pairs.other_programme,
    CAST(sum(
        CASE
            WHEN combination.kind = 'chosen' AND (combination.mask & pairs.both_bits) = pairs.both_bits
                THEN CAST(combination.families AS BIGINT)
            ELSE 0
        END
    ) AS BIGINT) AS chosen_families,
    CAST(sum(
        CASE
            WHEN combination.kind = 'received' AND (combination.mask & pairs.both_bits) = pairs.both_bits
                THEN CAST(combination.families AS BIGINT)
            ELSE 0
        END
    ) AS BIGINT) AS received_families
FROM combination
CROSS JOIN pairs
GROUP BY pairs.programme, pairs.other_programme
