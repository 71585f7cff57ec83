-- grain: one row about a person in a file that the release was made of, as the truth knows it
-- inputs: truth_record, truth_file, delivered_file
-- rerun: safe
-- time: 1 s for 2 million rows
SELECT DISTINCT
    delivered_file.source,
    delivered_file.delivery,
    truth_record.row_number,
    truth_record.person_key,
    coalesce(truth_record.is_held_out, false) AS is_held_out
FROM truth_record
INNER JOIN truth_file
    ON truth_record.path = truth_file.path
INNER JOIN delivered_file
    ON
        truth_record.source = delivered_file.source
        AND truth_record.file = delivered_file.file
        AND truth_file.original_name = delivered_file.original_name
WHERE truth_record.person_key IS NOT NULL
