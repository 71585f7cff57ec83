-- grain: one person of the target list of extreme poverty
-- inputs: accepted (columns of contract.yaml, file `person`)
-- rerun: safe
-- time: 1 s a million rows
-- The list ended with Inpres 4/2025: on that day at the latest its facts were true, and never after the delivery.
-- Its decile is of another ranking than DTSEN's, and of persons: no record column holds it.
SELECT
    source,
    delivery,
    delivered_on,
    LEAST(DATE '2025-02-05', delivered_on) AS observed_on,
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
    hubungan AS relation_code,
    kode_desa AS residence_village,
    alamat AS address_raw
FROM accepted
