-- grain: one row of the list whose person the truth knows
-- inputs: truth_record, truth_file, payee_row; $source, $contract_file, $original_name
-- rerun: safe
-- time: 1 s for 1 million rows
SELECT DISTINCT
    payee_row.row_number,
    payee_row.nik_index,
    payee_row.village,
    coalesce(payee_row.period, '') AS period,
    coalesce(payee_row.component, '') AS component,
    truth_record.person_key
FROM truth_record
INNER JOIN truth_file
    ON truth_record.path = truth_file.path
INNER JOIN payee_row
    ON truth_record.row_number = payee_row.row_number
WHERE
    truth_record.person_key IS NOT NULL
    AND truth_record.source = $source
    AND truth_record.file = $contract_file
    AND truth_file.original_name = $original_name
