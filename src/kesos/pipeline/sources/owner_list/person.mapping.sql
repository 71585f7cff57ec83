-- grain: one row of one agency's list of persons
-- inputs: accepted (columns of contract.yaml, file `person`)
-- rerun: safe
-- time: 1 s a million rows
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
    no_kk_index AS kk_index,
    no_kk_sealed AS kk_sealed,
    no_kk_note AS kk_note,
    nama AS name_raw,
    CASE jenis_kelamin WHEN 1 THEN 'male' WHEN 2 THEN 'female' END AS sex,
    tanggal_lahir AS birth_date,
    tempat_lahir AS birth_place_raw,
    kode_desa AS residence_village,
    alamat AS address_raw,
    rt AS rt_raw,
    rw AS rw_raw,
    program AS programme,
    periode AS benefit_period,
    nominal AS benefit_amount_idr
FROM accepted
