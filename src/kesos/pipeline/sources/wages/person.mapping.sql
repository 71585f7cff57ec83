-- grain: one wage of one worker at one employer in one month
-- inputs: accepted (columns of contract.yaml, file `person`)
-- rerun: safe
-- time: 1 s a million rows
-- The wage was true in its month; a quarter or a month that cannot be read leaves the day of delivery.
SELECT
    source,
    delivery,
    delivered_on,
    LEAST(LAST_DAY(TRY_CAST(bulan || '-01' AS DATE)), delivered_on) AS observed_on,
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
    upah AS wage_per_month_idr
FROM accepted
