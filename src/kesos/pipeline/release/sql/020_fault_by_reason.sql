-- grain: one kind of fault of a release: its source, column, reason and effect
-- inputs: quarantine, issue
-- rerun: safe
-- time: 1 s for 1 million faults
WITH faults AS (
    SELECT
        source,
        file,
        field,
        reason,
        delivery,
        row_number,
        true AS is_set_aside
    FROM quarantine
    UNION ALL
    SELECT
        source,
        file,
        field,
        reason,
        delivery,
        row_number,
        false AS is_set_aside
    FROM issue
)

SELECT
    source,
    file,
    field,
    reason,
    is_set_aside,
    count(*) AS faults,
    min(row_number) AS first_row
FROM faults
GROUP BY
    source,
    file,
    field,
    reason,
    is_set_aside
