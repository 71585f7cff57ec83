-- grain: one row of the list
-- inputs: accepted (columns of contract.yaml, file `person`)
-- rerun: safe
-- time: under 1 s for 1,000 rows
-- No NIK, no KK, no area of Indonesia: none of the columns for them is given. The names stand in two columns.
SELECT
    source,
    delivery,
    delivered_on,
    row_number,
    row_key,
    nullif(concat_ws(' ', first_name, surname), '') AS name_raw,
    dob AS birth_date
FROM accepted
