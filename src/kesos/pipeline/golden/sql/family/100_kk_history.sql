-- grain: one family card (KK) of a family; ordinal 0 is the current one
-- inputs: card_of_family, current_seat, family_standard
-- rerun: safe
-- time: 1 s for 300,000 cards
WITH card_sightings AS (
    SELECT
        kk_index,
        first_seen_on,
        last_seen_on,
        CAST(is_current AS INTEGER) AS current_members
    FROM current_seat
    UNION ALL
    SELECT
        kk_index,
        observed_on AS first_seen_on,
        observed_on AS last_seen_on,
        0 AS current_members
    FROM family_standard
    WHERE kk_index IS NOT NULL
),

card_spans AS (
    SELECT
        kk_index,
        min(first_seen_on) AS first_seen_on,
        max(last_seen_on) AS last_seen_on,
        sum(current_members) AS current_members
    FROM card_sightings
    GROUP BY kk_index
)

SELECT
    card_of_family.family_id,
    row_number() OVER (
        PARTITION BY card_of_family.family_id
        ORDER BY
            card_spans.current_members DESC,
            card_spans.last_seen_on DESC,
            card_spans.kk_index
    ) - 1 AS ordinal,
    card_spans.kk_index,
    card_spans.first_seen_on,
    card_spans.last_seen_on
FROM card_spans
INNER JOIN card_of_family
    ON card_spans.kk_index = card_of_family.kk_index
