-- grain: one kind of fault of a delivered table: its column, reason and effect
-- inputs: quarantine_of_file, issue_of_file
-- rerun: safe
-- time: below 1 s a million rows
WITH faults AS (
    SELECT
        field,
        reason,
        row_number,
        value_shown,
        true AS is_set_aside
    FROM quarantine_of_file
    UNION ALL
    SELECT
        field,
        reason,
        row_number,
        value_shown,
        false AS is_set_aside
    FROM issue_of_file
)

SELECT
    field,
    reason,
    is_set_aside,
    count(*) AS faults,
    min(row_number) AS first_row,
    arg_min(value_shown, row_number) AS first_value_shown
FROM faults
GROUP BY
    field,
    reason,
    is_set_aside
