-- grain: one person that is paid for: within the most of their component, then within the most persons of the unit
-- inputs: offer, component_limit
-- rerun: safe
-- time: 1 s for 4 million persons with a component
WITH placed AS (
    SELECT
        offer.unit_id,
        offer.place,
        offer.person_id,
        offer.is_entitled,
        offer.component,
        offer.amount_idr,
        component_limit.at_most,
        row_number() OVER (
            PARTITION BY offer.unit_id, offer.component
            ORDER BY offer.amount_idr DESC, offer.person_id
        ) AS place_of_component
    FROM offer
    INNER JOIN component_limit
        ON offer.component = component_limit.component
),

chosen AS (
    SELECT
        unit_id,
        place,
        person_id,
        is_entitled,
        component,
        amount_idr,
        row_number() OVER (
            PARTITION BY unit_id
            ORDER BY amount_idr DESC, person_id
        ) AS place_of_unit
    FROM placed
    WHERE at_most IS NULL OR place_of_component <= at_most
)

SELECT
    unit_id,
    place,
    person_id,
    is_entitled,
    component,
    amount_idr
FROM chosen
WHERE CAST($most_persons AS BIGINT) IS NULL OR place_of_unit <= CAST($most_persons AS BIGINT)
