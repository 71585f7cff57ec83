-- grain: one electricity connection and the person in whose name it stands
-- inputs: accepted (columns of contract.yaml, file `person`)
-- rerun: safe
-- time: 1 s a million rows
-- A connection keeps its name for decades. Unless the row tells its day it counts as old, so that its village and
-- address help to find the person, but never overrule a source that knows where the person lives.
SELECT
    source,
    delivery,
    delivered_on,
    COALESCE(tgl_mutasi, DATE '2000-01-01') AS observed_on,
    row_number,
    row_key,
    nik_index,
    nik_sealed,
    nik_note,
    nama_pelanggan AS name_raw,
    kode_desa AS residence_village,
    alamat AS address_raw
FROM accepted
