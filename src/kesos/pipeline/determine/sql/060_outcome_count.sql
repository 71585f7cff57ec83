-- grain: one way to stand: words, protection, and whether something could not be checked
-- inputs: determined_file
-- rerun: safe
-- time: 0.3 s for 10 million units
SELECT
    eligibility,
    selection,
    movement,
    is_protected,
    (outcomes & $open_bits) <> 0 AS is_not_checked,
    count(*) AS units,
    CAST(sum(CAST(amount_idr AS BIGINT)) AS BIGINT) AS amount_idr
FROM determined_file
GROUP BY eligibility, selection, movement, is_protected, (outcomes & $open_bits) <> 0
