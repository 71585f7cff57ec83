-- grain: one reason for which a person of this release may be one of the release before
-- inputs: person_standard, record_cluster, prior_person_record, prior_person_identifier, known_nik_judged
-- rerun: safe
-- time: 3 s for 1 million persons
SELECT
    record_cluster.cluster,
    prior_person_record.person_id AS prior_id,
    0 AS is_founding,
    1 AS known_rows,
    0 AS known_numbers
FROM person_standard
INNER JOIN record_cluster
    ON person_standard.record_id = record_cluster.record_id
INNER JOIN prior_person_record
    ON
        person_standard.source = prior_person_record.source
        AND person_standard.row_key = prior_person_record.row_key
UNION ALL
SELECT
    record_cluster.cluster,
    prior_person_identifier.id AS prior_id,
    1 AS is_founding,
    0 AS known_rows,
    0 AS known_numbers
FROM person_standard
INNER JOIN record_cluster
    ON person_standard.record_id = record_cluster.record_id
INNER JOIN prior_person_identifier
    ON
        person_standard.source = prior_person_identifier.founding_source
        AND person_standard.row_key = prior_person_identifier.founding_row_key
WHERE prior_person_identifier.status <> 'alias'
UNION ALL
SELECT
    record_cluster.cluster,
    known_nik_judged.other_record_id AS prior_id,
    0 AS is_founding,
    0 AS known_rows,
    1 AS known_numbers
FROM known_nik_judged
INNER JOIN record_cluster
    ON known_nik_judged.record_id = record_cluster.record_id
WHERE known_nik_judged.is_same_person
