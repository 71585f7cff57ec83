-- grain: one district of the list: its rows, how they were found, and how many each check indicates or could not judge
-- inputs: payee_state, payee_row
-- rerun: safe
-- time: 1 s for 1 million rows
SELECT
    coalesce(substr(payee_state.village, 1, 4), '') AS regency,
    coalesce(substr(payee_state.village, 1, 6), '') AS district,
    count(*) AS rows_audited,
    count(DISTINCT payee_state.unit_id) AS units,
    CAST(coalesce(sum(CAST(payee_row.amount_idr AS BIGINT)), 0) AS BIGINT) AS paid_idr,
    CAST(count_if(payee_state.rule = 'several_candidates') AS BIGINT) AS several_candidates,
    CAST(count_if(payee_state.not_found = 1) AS BIGINT) AS not_found,
    CAST(count_if(payee_state.not_found = 2) AS BIGINT) AS not_found_not_checked,
    CAST(count_if(payee_state.nik_of_another = 1) AS BIGINT) AS nik_of_another,
    CAST(count_if(payee_state.nik_of_another = 2) AS BIGINT) AS nik_of_another_not_checked,
    CAST(count_if(payee_state.died = 1) AS BIGINT) AS died,
    CAST(count_if(payee_state.died = 2) AS BIGINT) AS died_not_checked,
    CAST(count_if(payee_state.nik_shared = 1) AS BIGINT) AS nik_shared,
    CAST(count_if(payee_state.nik_shared = 2) AS BIGINT) AS nik_shared_not_checked,
    CAST(count_if(payee_state.paid_twice = 1) AS BIGINT) AS paid_twice,
    CAST(count_if(payee_state.paid_twice = 2) AS BIGINT) AS paid_twice_not_checked,
    CAST(count_if(payee_state.outside_decile = 1) AS BIGINT) AS outside_decile,
    CAST(count_if(payee_state.outside_decile = 2) AS BIGINT) AS outside_decile_not_checked,
    CAST(count_if(payee_state.civil_servant_in_family = 1) AS BIGINT) AS civil_servant_in_family,
    CAST(count_if(payee_state.civil_servant_in_family = 2) AS BIGINT) AS civil_servant_in_family_not_checked,
    CAST(count_if(payee_state.wage_above_minimum = 1) AS BIGINT) AS wage_above_minimum,
    CAST(count_if(payee_state.wage_above_minimum = 2) AS BIGINT) AS wage_above_minimum_not_checked,
    CAST(count_if(payee_state.no_component_left = 1) AS BIGINT) AS no_component_left,
    CAST(count_if(payee_state.no_component_left = 2) AS BIGINT) AS no_component_left_not_checked,
    CAST(count_if(payee_state.moved = 1) AS BIGINT) AS moved,
    CAST(count_if(payee_state.moved = 2) AS BIGINT) AS moved_not_checked
FROM payee_state
INNER JOIN payee_row
    ON payee_state.row_number = payee_row.row_number
GROUP BY coalesce(substr(payee_state.village, 1, 4), ''), coalesce(substr(payee_state.village, 1, 6), '')
