-- grain: one report of a death
-- inputs: accepted (columns of contract.yaml, file `person`)
-- rerun: safe
-- time: 1 s a million rows
-- The reporting village is no address: a death may be reported where it happened.
SELECT
    source,
    delivery,
    delivered_on,
    COALESCE(tanggal_lapor, tanggal_meninggal) AS observed_on,
    row_number,
    row_key,
    nik_index,
    nik_sealed,
    nik_note,
    nik_date_agrees,
    nik_sex_agrees,
    nama AS name_raw,
    tanggal_lahir AS birth_date,
    'dead' AS life_status,
    tanggal_meninggal AS died_on
FROM accepted
