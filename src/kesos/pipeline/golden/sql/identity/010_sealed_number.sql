-- grain: one number of a person (nik) or family (kk, pln) as its receipt sealed it; ordinal 0 is the accepted one
-- inputs: person_record, source_rank, kk_history, card_number, family_record
-- rerun: safe
-- time: 4 s for 2 million records
WITH nik_sightings AS (
    SELECT
        person_record.person_id,
        person_record.nik_index,
        min(person_record.nik_sealed) AS sealed,
        min(source_rank.source_rank) AS source_rank,
        max(person_record.observed_on) AS last_seen_on
    FROM person_record
    INNER JOIN source_rank
        ON person_record.source = source_rank.source
    WHERE person_record.nik_index IS NOT NULL
    GROUP BY
        person_record.person_id,
        person_record.nik_index
),

meter_sightings AS (
    SELECT
        family_id,
        pln_index,
        min(pln_sealed) AS sealed,
        max(observed_on) AS last_seen_on
    FROM family_record
    WHERE
        pln_index IS NOT NULL
        AND family_id IS NOT NULL
    GROUP BY
        family_id,
        pln_index
)

SELECT
    'nik' AS field,
    person_id AS subject_id,
    row_number() OVER (PARTITION BY person_id ORDER BY source_rank, last_seen_on DESC, nik_index) - 1 AS ordinal,
    nik_index AS blind_index,
    sealed
FROM nik_sightings
UNION ALL
SELECT
    'kk' AS field,
    kk_history.family_id AS subject_id,
    kk_history.ordinal,
    kk_history.kk_index AS blind_index,
    card_number.sealed
FROM kk_history
INNER JOIN card_number
    ON kk_history.kk_index = card_number.kk_index
UNION ALL
SELECT
    'pln' AS field,
    family_id AS subject_id,
    row_number() OVER (PARTITION BY family_id ORDER BY last_seen_on DESC, pln_index) - 1 AS ordinal,
    pln_index AS blind_index,
    sealed
FROM meter_sightings
