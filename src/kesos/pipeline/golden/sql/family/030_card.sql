-- grain: one family card (KK); card_id follows its founding record, family rows before person rows
-- inputs: current_seat, family_standard
-- rerun: safe
-- time: 1 s for 300,000 cards
WITH card_evidence AS (
    SELECT
        kk_index,
        CAST(NULL AS BIGINT) AS family_record_id,
        founding_record_id AS person_record_id,
        CAST(is_current AS INTEGER) AS current_members,
        1 AS members
    FROM current_seat
    UNION ALL
    SELECT
        kk_index,
        record_id AS family_record_id,
        CAST(NULL AS BIGINT) AS person_record_id,
        0 AS current_members,
        0 AS members
    FROM family_standard
    WHERE kk_index IS NOT NULL
),

cards AS (
    SELECT
        kk_index,
        min(family_record_id) AS family_record_id,
        min(person_record_id) AS person_record_id,
        sum(current_members) AS current_members,
        sum(members) AS members
    FROM card_evidence
    GROUP BY kk_index
)

SELECT
    kk_index,
    family_record_id,
    person_record_id,
    current_members,
    members,
    row_number() OVER (ORDER BY family_record_id NULLS LAST, person_record_id NULLS LAST, kk_index) AS card_id
FROM cards
