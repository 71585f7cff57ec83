-- grain: one person on one family card (KK), with the most trusted record that says so
-- inputs: person_record, source_rank
-- rerun: safe
-- time: 3 s for 2 million records
WITH ordered_records AS (
    SELECT
        person_record.person_id,
        person_record.kk_index,
        person_record.record_id,
        person_record.relation_code,
        person_record.observed_on,
        source_rank.source_rank,
        row_number() OVER (
            PARTITION BY
                person_record.person_id,
                person_record.kk_index
            ORDER BY
                source_rank.source_rank,
                person_record.observed_on DESC,
                person_record.record_id
        ) AS place
    FROM person_record
    INNER JOIN source_rank
        ON person_record.source = source_rank.source
    WHERE person_record.kk_index IS NOT NULL
)

SELECT
    person_id,
    kk_index,
    min(record_id) AS founding_record_id,
    max(CASE WHEN place = 1 THEN record_id END) AS record_id,
    max(CASE WHEN place = 1 THEN source_rank END) AS source_rank,
    max(CASE WHEN place = 1 THEN observed_on END) AS trusted_on,
    arg_min(relation_code, place) FILTER (WHERE relation_code IS NOT NULL) AS relation_code,
    min(observed_on) AS first_seen_on,
    max(observed_on) AS last_seen_on
FROM ordered_records
GROUP BY
    person_id,
    kk_index
