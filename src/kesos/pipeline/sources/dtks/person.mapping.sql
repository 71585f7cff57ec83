-- grain: one person of DTKS as it stood at the end of 2021
-- inputs: accepted (columns of contract.yaml, file `person`)
-- rerun: safe
-- time: 1 s a million rows
-- The day is that of the list, not of the file: whenever it is delivered again, newer sources know better.
SELECT
    source,
    delivery,
    delivered_on,
    DATE '2021-12-31' AS observed_on,
    row_number,
    row_key,
    nik_index,
    nik_sealed,
    nik_note,
    nik_date_agrees,
    nik_sex_agrees,
    no_kk_index AS kk_index,
    no_kk_sealed AS kk_sealed,
    no_kk_note AS kk_note,
    nama AS name_raw,
    nama_ibu_kandung AS mother_name_raw,
    CASE jenis_kelamin WHEN 1 THEN 'male' WHEN 2 THEN 'female' END AS sex,
    tgl_lahir AS birth_date,
    tempat_lahir AS birth_place_raw,
    hub_keluarga AS relation_code,
    kode_desa AS residence_village,
    alamat AS address_raw
FROM accepted
