-- grain: one pair of persons who are both paid by one programme and whose records are up for review
-- inputs: link_edge, person_record, paid_person
-- rerun: safe
-- time: 1 s for 1 million pairs
SELECT DISTINCT
    earlier.person_id,
    later.person_id AS other_person_id
FROM link_edge
INNER JOIN person_record AS earlier
    ON link_edge.record_id = earlier.record_id
INNER JOIN person_record AS later
    ON link_edge.other_record_id = later.record_id
INNER JOIN paid_person AS paid
    ON earlier.person_id = paid.person_id
INNER JOIN paid_person AS other_paid
    ON
        later.person_id = other_paid.person_id
        AND paid.programme = other_paid.programme
WHERE
    (link_edge.band = 'review' OR link_edge.is_refused)
    AND earlier.person_id <> later.person_id
