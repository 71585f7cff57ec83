-- grain: one person: how many records, sources and numbers speak of them
-- inputs: person_record
-- rerun: safe
-- time: 2 s for 2 million records
SELECT
    person_id,
    count(*) AS record_count,
    count(DISTINCT source) AS source_count,
    count(DISTINCT nik_index) AS distinct_niks,
    count(DISTINCT CASE WHEN nik_index IS NOT NULL THEN source END) AS sources_with_nik,
    max(observed_on) AS facts_as_of
FROM person_record
GROUP BY person_id
