-- grain: one person in one family, as some source said; at most one of a person's is active
-- inputs: current_seat, card_of_family
-- rerun: safe
-- time: 2 s for 1 million persons
WITH seats AS (
    SELECT
        current_seat.person_id,
        card_of_family.family_id,
        current_seat.record_id,
        current_seat.relation_code,
        current_seat.first_seen_on,
        current_seat.last_seen_on,
        current_seat.is_current,
        row_number() OVER (
            PARTITION BY
                current_seat.person_id,
                card_of_family.family_id
            ORDER BY
                current_seat.is_current DESC,
                current_seat.last_seen_on DESC,
                current_seat.record_id
        ) AS place
    FROM current_seat
    INNER JOIN card_of_family
        ON current_seat.kk_index = card_of_family.kk_index
)

SELECT
    person_id,
    family_id,
    arg_min(relation_code, place) FILTER (WHERE relation_code IS NOT NULL) AS relation_code,
    bool_or(is_current) AS is_active,
    min(first_seen_on) AS first_seen_on,
    max(last_seen_on) AS last_seen_on,
    max(CASE WHEN place = 1 THEN record_id END) AS record_id
FROM seats
GROUP BY
    person_id,
    family_id
