-- grain: one row of the list and one indication, with what a field officer needs to find the family
-- inputs: indication_part, payee_row, payee_link, payee_state
-- rerun: safe
-- time: 2 s for 1 million rows
SELECT
    substr(payee_state.village, 1, 4) AS regency,
    substr(payee_state.village, 1, 6) AS district,
    payee_state.village,
    indication_part.row_number,
    payee_row.line_number,
    payee_row.name,
    payee_row.nik_sealed,
    payee_row.hamlet,
    payee_row.street,
    payee_row.rt,
    payee_row.rw,
    payee_row.period,
    payee_link.person_id,
    payee_link.family_id,
    payee_link.rule,
    indication_part.indication,
    indication_part.evidence,
    indication_part.value,
    indication_part.limit_value,
    other.line_number AS other_line,
    indication_part.other_person_id,
    indication_part.source,
    indication_part.observed_on,
    coalesce(indication_part.confidence, 1) AS confidence,
    payee_row.amount_idr AS paid_idr,
    indication_part.stake_idr,
    CASE
        WHEN indication_part.stake_idr = 0 AND indication_part.indication = 'paid_twice' THEN 0
        WHEN payee_row.amount_idr IS NULL THEN NULL
        ELSE payee_row.amount_a_year_idr
    END AS stake_a_year_idr
FROM indication_part
INNER JOIN payee_row
    ON indication_part.row_number = payee_row.row_number
INNER JOIN payee_link
    ON indication_part.row_number = payee_link.row_number
INNER JOIN payee_state
    ON indication_part.row_number = payee_state.row_number
LEFT JOIN payee_row AS other
    ON indication_part.other_row = other.row_number
