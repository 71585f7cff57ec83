-- grain: one civil servant in active service
-- inputs: accepted (columns of contract.yaml, file `person`)
-- rerun: safe
-- time: 1 s a million rows
-- The regency is that of the workplace, and no address. Who is not listed is unknown, not *no*.
SELECT
    source,
    delivery,
    delivered_on,
    row_number,
    row_key,
    nik_index,
    nik_sealed,
    nik_note,
    nik_date_agrees,
    nik_sex_agrees,
    nama AS name_raw,
    CASE jenis_kelamin WHEN 1 THEN 'male' WHEN 2 THEN 'female' END AS sex,
    tgl_lahir AS birth_date,
    TRUE AS is_civil_servant
FROM accepted
