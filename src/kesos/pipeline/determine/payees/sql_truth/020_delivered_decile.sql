-- grain: one family of the true world with the official decile that was delivered of it last
-- inputs: truth_family_row, truth_file, delivered_file, family_record
-- rerun: safe
-- time: 1 s for 300,000 families
WITH delivered AS (
    SELECT
        truth_family_row.family_key,
        family_record.official_decile,
        row_number() OVER (
            PARTITION BY truth_family_row.family_key
            ORDER BY
                coalesce(family_record.official_period, '') DESC, family_record.delivered_on DESC,
                family_record.record_id
        ) AS place
    FROM truth_family_row
    INNER JOIN truth_file
        ON truth_family_row.path = truth_file.path
    INNER JOIN delivered_file
        ON
            truth_family_row.source = delivered_file.source
            AND truth_family_row.file = delivered_file.file
            AND truth_file.original_name = delivered_file.original_name
    INNER JOIN family_record
        ON
            delivered_file.source = family_record.source
            AND delivered_file.delivery = family_record.delivery
            AND truth_family_row.row_number = family_record.row_number
    WHERE truth_family_row.family_key IS NOT NULL AND family_record.official_decile IS NOT NULL
)

SELECT
    family_key,
    official_decile
FROM delivered
WHERE place = 1
