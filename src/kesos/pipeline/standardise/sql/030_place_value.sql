-- grain: one distinct place of birth as any source writes it
-- inputs: person_raw
-- rerun: safe
-- time: under 1 s for 2 million records
SELECT DISTINCT birth_place_raw AS value
FROM person_raw
WHERE birth_place_raw IS NOT NULL
