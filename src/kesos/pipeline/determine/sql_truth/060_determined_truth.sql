-- grain: one answer of the truth about families that were determined eligible
-- inputs: determined_family, found_family
-- rerun: safe
-- time: 1 s for 300,000 families
WITH said AS (
    SELECT
        determined_family.persons,
        CASE
            WHEN found_family.family_key IS NULL THEN 'untold'
            WHEN found_family.is_excluded THEN 'truly_excluded'
            WHEN NOT found_family.has_component THEN 'truly_without_component'
            WHEN found_family.tenths_before >= $poor_tenths THEN 'truly_not_poor_enough'
            ELSE 'truly_entitled'
        END AS truth
    FROM determined_family
    LEFT JOIN found_family
        ON determined_family.family_key = found_family.family_key
    WHERE determined_family.outcome = 'eligible'
)

SELECT
    truth,
    count(*) AS families,
    CAST(sum(CAST(persons AS BIGINT)) AS BIGINT) AS persons
FROM said
GROUP BY truth
