-- grain: one row of the list and one clause of the programme that its unit does not meet, or that speaks against it
-- inputs: payee_state, payee_row, payee_link, family_evidence; $as_of, $decile_limit, $unit
-- rerun: safe
-- time: 1 s for 1 million rows
WITH rows_of_units AS (
    SELECT
        payee_state.row_number,
        payee_state.outside_decile,
        payee_state.civil_servant_in_family,
        payee_state.wage_above_minimum,
        payee_state.no_component_left,
        payee_row.amount_idr,
        CASE WHEN $unit = 'person' THEN payee_link.confidence ELSE payee_link.family_confidence END AS confidence,
        family_evidence.official_decile,
        family_evidence.facts_as_of,
        family_evidence.decile_source,
        family_evidence.decile_observed_on,
        family_evidence.servant_id,
        family_evidence.servant_source,
        family_evidence.servant_observed_on,
        family_evidence.earner_id,
        family_evidence.wage_per_month_idr,
        family_evidence.wage_source,
        family_evidence.wage_observed_on
    FROM payee_state
    INNER JOIN payee_row
        ON payee_state.row_number = payee_row.row_number
    INNER JOIN payee_link
        ON payee_state.row_number = payee_link.row_number
    LEFT JOIN family_evidence
        ON payee_link.family_id = family_evidence.family_id
    WHERE
        payee_state.outside_decile = 1
        OR payee_state.civil_servant_in_family = 1
        OR payee_state.wage_above_minimum = 1
        OR payee_state.no_component_left = 1
)

SELECT
    row_number,
    CAST('outside_decile' AS VARCHAR) AS indication,
    CASE WHEN $decile_limit IS NULL THEN 'outside_decile_rule' ELSE 'outside_decile' END AS evidence,
    CAST(official_decile AS VARCHAR) AS value,
    CAST($decile_limit AS VARCHAR) AS limit_value,
    CAST(NULL AS BIGINT) AS other_row,
    CAST(NULL AS BIGINT) AS other_person_id,
    coalesce(decile_source, 'release') AS source,
    decile_observed_on AS observed_on,
    CAST(confidence AS SMALLINT) AS confidence,
    amount_idr AS stake_idr
FROM rows_of_units
WHERE outside_decile = 1
UNION ALL
SELECT
    row_number,
    CAST('civil_servant_in_family' AS VARCHAR) AS indication,
    CASE WHEN servant_id IS NULL THEN 'civil_servant_stated' ELSE 'civil_servant' END AS evidence,
    CAST(NULL AS VARCHAR) AS value,
    CAST(NULL AS VARCHAR) AS limit_value,
    CAST(NULL AS BIGINT) AS other_row,
    servant_id AS other_person_id,
    coalesce(servant_source, 'release') AS source,
    coalesce(servant_observed_on, $as_of) AS observed_on,
    CAST(confidence AS SMALLINT) AS confidence,
    amount_idr AS stake_idr
FROM rows_of_units
WHERE civil_servant_in_family = 1
UNION ALL
SELECT
    row_number,
    CAST('wage_above_minimum' AS VARCHAR) AS indication,
    CASE WHEN earner_id IS NULL THEN 'wage_stated' ELSE 'wage' END AS evidence,
    CAST(wage_per_month_idr AS VARCHAR) AS value,
    CAST(NULL AS VARCHAR) AS limit_value,
    CAST(NULL AS BIGINT) AS other_row,
    earner_id AS other_person_id,
    coalesce(wage_source, 'release') AS source,
    coalesce(wage_observed_on, $as_of) AS observed_on,
    CAST(confidence AS SMALLINT) AS confidence,
    amount_idr AS stake_idr
FROM rows_of_units
WHERE wage_above_minimum = 1
UNION ALL
SELECT
    row_number,
    CAST('no_component_left' AS VARCHAR) AS indication,
    CAST('no_component_left' AS VARCHAR) AS evidence,
    CAST(NULL AS VARCHAR) AS value,
    CAST(NULL AS VARCHAR) AS limit_value,
    CAST(NULL AS BIGINT) AS other_row,
    CAST(NULL AS BIGINT) AS other_person_id,
    coalesce(decile_source, 'release') AS source,
    coalesce(facts_as_of, $as_of) AS observed_on,
    -- The youngest child is in no list yet, and school changes faster than any list: a visit settles it.
    CAST(1 AS SMALLINT) AS confidence,
    amount_idr AS stake_idr
FROM rows_of_units
WHERE no_component_left = 1
