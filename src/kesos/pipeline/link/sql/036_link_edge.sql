-- grain: one pair of records that a rule joined or that the linker weighed above the review cut
-- inputs: weighed_pair, certain_pair, record_cluster
-- rerun: safe
-- time: 2 s for 1 million pairs
WITH pairs AS (
    SELECT
        coalesce(weighed_pair.record_id, certain_pair.record_id) AS record_id,
        coalesce(weighed_pair.other_record_id, certain_pair.other_record_id) AS other_record_id,
        weighed_pair.weight_millibits,
        weighed_pair.levels,
        weighed_pair.band,
        certain_pair.answer,
        certain_pair.rule
    FROM weighed_pair
    FULL JOIN certain_pair
        ON
            weighed_pair.record_id = certain_pair.record_id
            AND weighed_pair.other_record_id = certain_pair.other_record_id
)

SELECT
    pairs.record_id,
    pairs.other_record_id,
    pairs.weight_millibits,
    CASE
        WHEN earlier.cluster = later.cluster THEN 'linked'
        ELSE 'review'
    END AS band,
    CASE
        WHEN pairs.rule IS NULL THEN 'evidence'
        ELSE pairs.rule
    END AS rule,
    pairs.levels,
    earlier.cluster <> later.cluster
    AND (pairs.band = 'linked' OR coalesce(pairs.answer = 'same', false)) AS is_refused
FROM pairs
INNER JOIN record_cluster AS earlier
    ON pairs.record_id = earlier.record_id
INNER JOIN record_cluster AS later
    ON pairs.other_record_id = later.record_id
WHERE
    earlier.cluster = later.cluster
    OR coalesce(pairs.answer, '') <> 'different'
