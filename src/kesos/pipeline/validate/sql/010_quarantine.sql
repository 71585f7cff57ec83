-- grain: one reason for which one row of a delivery was set aside
-- inputs: checked; $source, $delivery, $contract_file
-- rerun: safe
-- time: below 1 s a million rows
WITH faults_of_rows AS (
    SELECT
        row_number,
        line_number,
        row_sealed,
        UNNEST(faults) AS fault
    FROM checked
    WHERE NOT is_accepted
)

SELECT
    CAST($source AS VARCHAR) AS source,
    CAST($delivery AS VARCHAR) AS delivery,
    CAST($contract_file AS VARCHAR) AS file,
    row_number,
    line_number,
    fault.field AS field,
    fault.reason AS reason,
    fault.value_shown AS value_shown,
    row_sealed
FROM faults_of_rows
WHERE fault.is_fatal
