-- grain: one band of rupiah a person and year, among families of official decile 1 and 2
-- inputs: family_aid, rupiah_band
-- rerun: safe
-- time: 1 s for 3 million families
WITH poorest AS (
    SELECT
        persons,
        chosen_idr // persons AS idr_a_person,
        chosen,
        to_verify,
        waiting,
        received
    FROM family_aid
    WHERE decile <= 2
)

SELECT
    rupiah_band.from_idr,
    rupiah_band.below_idr,
    count(poorest.persons) AS families,
    CAST(coalesce(sum(poorest.persons), 0) AS BIGINT) AS persons,
    CAST(coalesce(sum(poorest.chosen = 0), 0) AS BIGINT) AS nothing,
    CAST(coalesce(sum(poorest.chosen = 0 AND poorest.to_verify > 0), 0) AS BIGINT) AS nothing_to_verify,
    CAST(coalesce(sum(poorest.chosen = 0 AND poorest.to_verify = 0 AND poorest.waiting > 0), 0) AS BIGINT)
        AS nothing_waiting,
    CAST(coalesce(sum(poorest.received > 0), 0) AS BIGINT) AS receiving
FROM rupiah_band
LEFT JOIN poorest
    ON
        poorest.idr_a_person >= rupiah_band.from_idr
        AND (rupiah_band.below_idr IS NULL OR poorest.idr_a_person < rupiah_band.below_idr)
GROUP BY rupiah_band.from_idr, rupiah_band.below_idr
