-- grain: one pair of records that a person should look at, with what hangs on it
-- inputs: link_edge, person_record, person, paid_person, pair_paid_by_one, answered_pair
-- rerun: safe
-- time: 2 s for 2 million records
WITH paid AS (
    SELECT DISTINCT person_id
    FROM paid_person
),

record_seats AS (
    SELECT
        person_record.record_id,
        person_record.person_id,
        person_record.source,
        person_record.row_key,
        person.family_id,
        paid.person_id IS NOT NULL AS is_paid
    FROM person_record
    LEFT JOIN person
        ON person_record.person_id = person.person_id
    LEFT JOIN paid
        ON person_record.person_id = paid.person_id
)

SELECT
    link_edge.record_id,
    link_edge.other_record_id,
    link_edge.weight_millibits,
    link_edge.levels,
    link_edge.is_refused,
    earlier.person_id = later.person_id AS is_together,
    earlier.is_paid OR later.is_paid AS is_paid,
    pair_paid_by_one.person_id IS NOT NULL AS is_paid_by_one,
    coalesce(earlier.family_id = later.family_id, false) AS is_one_family,
    answered_pair.answer
FROM link_edge
INNER JOIN record_seats AS earlier
    ON link_edge.record_id = earlier.record_id
INNER JOIN record_seats AS later
    ON link_edge.other_record_id = later.record_id
LEFT JOIN pair_paid_by_one
    ON
        earlier.person_id = pair_paid_by_one.person_id
        AND later.person_id = pair_paid_by_one.other_person_id
LEFT JOIN answered_pair
    ON
        earlier.source = answered_pair.source
        AND earlier.row_key = answered_pair.row_key
        AND later.source = answered_pair.other_source
        AND later.row_key = answered_pair.other_row_key
WHERE
    (link_edge.band = 'review' OR link_edge.is_refused)
    AND coalesce(answered_pair.answer, 'unsure') = 'unsure'
    AND (earlier.source <> later.source OR earlier.row_key <> later.row_key)
