-- grain: one distinct address as any source writes it
-- inputs: person_raw, family_raw
-- rerun: safe
-- time: 1 s for 2 million records
SELECT address_raw AS value
FROM person_raw
WHERE address_raw IS NOT NULL
UNION
SELECT address_raw AS value
FROM family_raw
WHERE address_raw IS NOT NULL
