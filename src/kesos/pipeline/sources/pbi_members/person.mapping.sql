-- grain: one person of the list of health premiums that the State pays
-- inputs: accepted (columns of contract.yaml, file `person`)
-- rerun: safe
-- time: 1 s a million rows
-- A membership that was stopped is no benefit; one of unknown state is, since the list says so.
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
    tgl_lahir AS birth_date,
    kode_desa AS residence_village,
    CASE WHEN status_peserta IS NULL OR status_peserta THEN 'PBIJK' END AS programme
FROM accepted
