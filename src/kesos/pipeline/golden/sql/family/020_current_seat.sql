-- grain: one person on one family card; is_current marks the one card that counts, and none for the dead
-- inputs: card_seat, person_golden
-- rerun: safe
-- time: 2 s for 1 million persons
WITH ordered_seats AS (
    SELECT
        card_seat.person_id,
        card_seat.kk_index,
        card_seat.founding_record_id,
        card_seat.record_id,
        card_seat.relation_code,
        card_seat.first_seen_on,
        card_seat.last_seen_on,
        row_number() OVER (
            PARTITION BY card_seat.person_id
            ORDER BY
                card_seat.source_rank,
                card_seat.trusted_on DESC,
                card_seat.record_id
        ) AS place
    FROM card_seat
)

SELECT
    ordered_seats.person_id,
    ordered_seats.kk_index,
    ordered_seats.founding_record_id,
    ordered_seats.record_id,
    ordered_seats.relation_code,
    ordered_seats.first_seen_on,
    ordered_seats.last_seen_on,
    ordered_seats.place = 1 AND coalesce(person_golden.life_status, 'alive') <> 'dead' AS is_current
FROM ordered_seats
INNER JOIN person_golden
    ON ordered_seats.person_id = person_golden.person_id
