-- grain: one pair of records that share a NIK and were left apart, because they speak of different people
-- inputs: nik_judged, record_cluster
-- rerun: safe
-- time: 1 s for 1 million pairs
SELECT
    nik_judged.record_id,
    nik_judged.other_record_id,
    nik_judged.name_level,
    nik_judged.birth_level,
    nik_judged.is_same_family_card
FROM nik_judged
INNER JOIN record_cluster AS earlier
    ON nik_judged.record_id = earlier.record_id
INNER JOIN record_cluster AS later
    ON nik_judged.other_record_id = later.record_id
WHERE
    NOT nik_judged.is_same_person
    AND earlier.cluster <> later.cluster
