-- grain: one row of the list and one indication about its person: died, moved
-- inputs: payee_state, payee_row, payee_link, person_evidence, list_period
-- rerun: safe
-- time: 1 s for 1 million rows
SELECT
    payee_state.row_number,
    CAST('died' AS VARCHAR) AS indication,
    CASE
        WHEN person_evidence.died_on IS NULL THEN 'died_day_unknown'
        WHEN list_period.valid_from IS NULL THEN 'died'
        WHEN person_evidence.died_on < list_period.valid_from THEN 'died_before_period'
        WHEN person_evidence.died_on < list_period.valid_until THEN 'died_in_period'
        ELSE 'died_after_period'
    END AS evidence,
    CAST(person_evidence.died_on AS VARCHAR) AS value,
    payee_row.period AS limit_value,
    CAST(NULL AS BIGINT) AS other_row,
    CAST(NULL AS BIGINT) AS other_person_id,
    coalesce(person_evidence.death_source, 'release') AS source,
    person_evidence.death_observed_on AS observed_on,
    CAST(
        least(payee_link.confidence, CASE WHEN person_evidence.died_on IS NULL THEN 2 ELSE 3 END) AS SMALLINT
    ) AS confidence,
    CASE WHEN person_evidence.died_on >= list_period.valid_until THEN 0 ELSE payee_row.amount_idr END AS stake_idr
FROM payee_state
INNER JOIN payee_row
    ON payee_state.row_number = payee_row.row_number
INNER JOIN payee_link
    ON payee_state.row_number = payee_link.row_number
INNER JOIN person_evidence
    ON payee_state.row_number = person_evidence.row_number
LEFT JOIN list_period
    ON payee_row.period = list_period.period
WHERE payee_state.died = 1
UNION ALL
SELECT
    payee_state.row_number,
    CAST('moved' AS VARCHAR) AS indication,
    CASE
        WHEN substr(payee_row.village, 1, 4) <> substr(person_evidence.residence_village, 1, 4) THEN 'moved_regency'
        WHEN substr(payee_row.village, 1, 6) <> substr(person_evidence.residence_village, 1, 6) THEN 'moved_district'
        ELSE 'moved_village'
    END AS evidence,
    person_evidence.residence_village AS value,
    payee_row.village AS limit_value,
    CAST(NULL AS BIGINT) AS other_row,
    CAST(NULL AS BIGINT) AS other_person_id,
    coalesce(person_evidence.residence_source, 'release') AS source,
    person_evidence.residence_observed_on AS observed_on,
    CAST(
        least(
            payee_link.confidence,
            CASE
                -- One source against the list: which of the two is out of date, nobody can tell.
                WHEN person_evidence.source_count = 1 THEN 1
                WHEN substr(payee_row.village, 1, 4) <> substr(person_evidence.residence_village, 1, 4) THEN 3
                WHEN substr(payee_row.village, 1, 6) <> substr(person_evidence.residence_village, 1, 6) THEN 2
                ELSE 1
            END
        )
        AS SMALLINT
    ) AS confidence,
    payee_row.amount_idr AS stake_idr
FROM payee_state
INNER JOIN payee_row
    ON payee_state.row_number = payee_row.row_number
INNER JOIN payee_link
    ON payee_state.row_number = payee_link.row_number
INNER JOIN person_evidence
    ON payee_state.row_number = person_evidence.row_number
WHERE payee_state.moved = 1
