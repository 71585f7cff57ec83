-- grain: one pair of families under one roof: each with the lowest that shows the same sign
-- inputs: roof_sign
-- rerun: safe
-- time: 1 s for 300,000 families
-- A sign that more than eight families show is a boarding house, a market or a wrong number: it says nothing.
WITH shared_signs AS (
    SELECT
        village,
        kind,
        sign,
        min(family_id) AS lowest_family_id
    FROM roof_sign
    WHERE village IS NOT NULL
    GROUP BY
        village,
        kind,
        sign
    HAVING count(*) BETWEEN 2 AND 8
)

SELECT
    shared_signs.lowest_family_id AS family_id,
    roof_sign.family_id AS other_family_id
FROM shared_signs
INNER JOIN roof_sign
    ON
        shared_signs.village = roof_sign.village
        AND shared_signs.kind = roof_sign.kind
        AND shared_signs.sign = roof_sign.sign
WHERE shared_signs.lowest_family_id < roof_sign.family_id
