-- grain: one unit of the programme that is audited, as it was determined
-- inputs: determination; $programme
-- rerun: safe
-- time: 1 s for 3 million families
SELECT
    unit_id,
    family_id,
    eligibility,
    selection,
    outcomes,
    rank,
    amount_idr
FROM determination
WHERE programme = $programme
