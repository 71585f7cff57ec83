-- grain: one pair of records that is joined before anything is weighed, or kept apart, and by which rule
-- inputs: decided_pair, same_row_pair, nik_judged
-- rerun: safe
-- time: 2 s for 1 million pairs
-- Answers of people come first. An equal NIK that neither name, birth date nor sex contradicts is as certain as a
-- register gets (precision .9997 in the research on linkage); every other NIK is weighed with the rest.
WITH told_pairs AS (
    SELECT
        record_id,
        other_record_id,
        answer,
        'answered' AS rule,
        1 AS place
    FROM decided_pair
    UNION ALL
    SELECT
        record_id,
        other_record_id,
        'same' AS answer,
        'same_row' AS rule,
        2 AS place
    FROM same_row_pair
    UNION ALL
    SELECT
        record_id,
        other_record_id,
        'same' AS answer,
        'same_nik' AS rule,
        3 AS place
    FROM nik_judged
    WHERE is_same_person
)

SELECT
    record_id,
    other_record_id,
    arg_min(answer, place) AS answer,
    arg_min(rule, place) AS rule
FROM told_pairs
GROUP BY
    record_id,
    other_record_id
