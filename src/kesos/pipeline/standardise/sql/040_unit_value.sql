-- grain: one distinct number of an RT or RW as any source writes it in a column of its own
-- inputs: person_raw
-- rerun: safe
-- time: under 1 s for 2 million records
SELECT rt_raw AS value
FROM person_raw
WHERE rt_raw IS NOT NULL
UNION
SELECT rw_raw AS value
FROM person_raw
WHERE rw_raw IS NOT NULL
