-- grain: one NIK (blind index) that two records or more carry, under few enough names to be one person's
-- inputs: person_standard
-- rerun: safe
-- time: 1 s for 2 million records
SELECT
    nik_index,
    count(*) AS records
FROM person_standard
WHERE nik_index IS NOT NULL
GROUP BY nik_index
HAVING
    count(*) BETWEEN 2 AND $most_records
    AND count(DISTINCT name_normal) <= $most_names
