-- grain: one row of a population extract of the civil registry
-- inputs: accepted (columns of contract.yaml, file `person`)
-- rerun: safe
-- time: 1 s a million rows
-- Relation: the registry's SHDK 1-11 becomes item 409. Missing (4), away (6) and not valid (9) say nothing sure of life.
SELECT
    source,
    delivery,
    delivered_on,
    tgl_update AS observed_on,
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
    nama_lgkp AS name_raw,
    nama_lgkp_ibu AS mother_name_raw,
    CASE jenis_klmin WHEN 1 THEN 'male' WHEN 2 THEN 'female' END AS sex,
    tgl_lhr AS birth_date,
    tmpt_lhr AS birth_place_raw,
    CASE
        WHEN stat_hbkel = 1 THEN 1
        WHEN stat_hbkel IN (2, 3) THEN 2
        WHEN stat_hbkel = 4 THEN 3
        WHEN stat_hbkel = 5 THEN 4
        WHEN stat_hbkel = 6 THEN 5
        WHEN stat_hbkel IN (7, 8) THEN 6
        WHEN stat_hbkel = 10 THEN 7
        WHEN stat_hbkel IN (9, 11) THEN 8
    END AS relation_code,
    stat_kwn AS marital_status_code,
    kode_desa AS registered_village,
    alamat AS address_raw,
    no_rt AS rt_raw,
    no_rw AS rw_raw,
    CASE status_dasar WHEN 1 THEN 'alive' WHEN 2 THEN 'dead' WHEN 3 THEN 'moved' END AS life_status
FROM accepted
