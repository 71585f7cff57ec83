-- grain: one row of the list and one indication that the list itself, or the search in the release, gives
-- inputs: payee_state, payee_row, payee_link, nik_shared, paid_twice; $as_of
-- rerun: safe
-- time: 1 s for 1 million rows
SELECT
    payee_state.row_number,
    CAST('not_found' AS VARCHAR) AS indication,
    CASE WHEN payee_row.nik_index IS NULL THEN 'not_found_without_nik' ELSE 'not_found' END AS evidence,
    CAST(NULL AS VARCHAR) AS value,
    CAST(NULL AS VARCHAR) AS limit_value,
    CAST(NULL AS BIGINT) AS other_row,
    CAST(NULL AS BIGINT) AS other_person_id,
    CAST('release' AS VARCHAR) AS source,
    CAST($as_of AS DATE) AS observed_on,
    CAST(CASE WHEN payee_row.nik_index IS NULL THEN 1 ELSE 2 END AS SMALLINT) AS confidence,
    payee_row.amount_idr AS stake_idr
FROM payee_state
INNER JOIN payee_row
    ON payee_state.row_number = payee_row.row_number
WHERE payee_state.not_found = 1
UNION ALL
SELECT
    payee_state.row_number,
    CAST('nik_of_another' AS VARCHAR) AS indication,
    CAST('nik_of_another' AS VARCHAR) AS evidence,
    CAST(NULL AS VARCHAR) AS value,
    CAST(NULL AS VARCHAR) AS limit_value,
    CAST(NULL AS BIGINT) AS other_row,
    payee_link.nik_person_id AS other_person_id,
    CAST('release' AS VARCHAR) AS source,
    CAST($as_of AS DATE) AS observed_on,
    CAST(
        CASE
            WHEN payee_link.person_id IS NOT NULL THEN 3
            WHEN payee_link.is_nik_confirmed THEN 2
            ELSE 1
        END
        AS SMALLINT
    ) AS confidence,
    payee_row.amount_idr AS stake_idr
FROM payee_state
INNER JOIN payee_row
    ON payee_state.row_number = payee_row.row_number
INNER JOIN payee_link
    ON payee_state.row_number = payee_link.row_number
WHERE payee_state.nik_of_another = 1
UNION ALL
SELECT
    payee_state.row_number,
    CAST('nik_shared' AS VARCHAR) AS indication,
    CAST('nik_shared' AS VARCHAR) AS evidence,
    CAST(NULL AS VARCHAR) AS value,
    CAST(NULL AS VARCHAR) AS limit_value,
    nik_shared.other_row,
    CAST(NULL AS BIGINT) AS other_person_id,
    CAST('list' AS VARCHAR) AS source,
    CAST(NULL AS DATE) AS observed_on,
    nik_shared.confidence,
    payee_row.amount_idr AS stake_idr
FROM payee_state
INNER JOIN payee_row
    ON payee_state.row_number = payee_row.row_number
INNER JOIN nik_shared
    ON payee_state.row_number = nik_shared.row_number
UNION ALL
SELECT
    payee_state.row_number,
    CAST('paid_twice' AS VARCHAR) AS indication,
    paid_twice.evidence,
    CAST(paid_twice.times AS VARCHAR) AS value,
    CAST(NULL AS VARCHAR) AS limit_value,
    paid_twice.other_row,
    CAST(NULL AS BIGINT) AS other_person_id,
    CAST('list' AS VARCHAR) AS source,
    CAST(NULL AS DATE) AS observed_on,
    paid_twice.confidence,
    paid_twice.stake_idr
FROM payee_state
INNER JOIN paid_twice
    ON payee_state.row_number = paid_twice.row_number
