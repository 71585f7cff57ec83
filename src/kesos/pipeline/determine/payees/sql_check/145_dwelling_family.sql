-- grain: one dwelling with the first of its families, by whom it is found; none where the programme is not of dwellings
-- inputs: family; $unit
-- rerun: safe
-- time: 1 s for 3 million families
SELECT
    dwelling_id,
    min(family_id) AS family_id
FROM family
WHERE $unit = 'dwelling' AND dwelling_id IS NOT NULL AND active_members > 0
GROUP BY dwelling_id
