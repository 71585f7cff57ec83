-- grain: one value of a kept row that was set to unknown or is doubtful
-- inputs: checked; $source, $delivery, $contract_file
-- rerun: safe
-- time: below 1 s a million rows
WITH faults_of_rows AS (
    SELECT
        row_number,
        UNNEST(faults) AS fault
    FROM checked
    WHERE is_accepted
)

SELECT
    CAST($source AS VARCHAR) AS source,
    CAST($delivery AS VARCHAR) AS delivery,
    CAST($contract_file AS VARCHAR) AS file,
    row_number,
    fault.field AS field,
    fault.reason AS reason,
    fault.value_shown AS value_shown
FROM faults_of_rows
