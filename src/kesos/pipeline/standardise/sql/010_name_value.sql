-- grain: one distinct name, of a person or a mother, as any source writes it
-- inputs: person_raw, family_raw
-- rerun: safe
-- time: 1 s for 2 million records
SELECT name_raw AS value
FROM person_raw
WHERE name_raw IS NOT NULL
UNION
SELECT mother_name_raw AS value
FROM person_raw
WHERE mother_name_raw IS NOT NULL
UNION
SELECT head_name_raw AS value
FROM family_raw
WHERE head_name_raw IS NOT NULL
