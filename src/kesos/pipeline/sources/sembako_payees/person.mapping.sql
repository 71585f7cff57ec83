-- grain: one payee in one stage of Program Sembako
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
    no_kk_index AS kk_index,
    no_kk_sealed AS kk_sealed,
    no_kk_note AS kk_note,
    nama_penerima AS name_raw,
    kode_desa AS residence_village,
    alamat AS address_raw,
    'SEMBAKO' AS programme,
    tahap AS benefit_period,
    nominal AS benefit_amount_idr
FROM accepted
