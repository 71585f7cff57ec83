-- grain: one old card and the one new card that follows it in the same family
-- inputs: current_seat, card
-- rerun: safe
-- time: 2 s for 300,000 cards
-- A card follows another when nobody is current on the old one any more, more than half of the old card's
-- people are current on the new one, and they are at least half of the new one: a renewal, not a marriage.
WITH shared_people AS (
    SELECT
        old_seat.kk_index AS old_kk_index,
        new_seat.kk_index AS new_kk_index,
        count(*) AS people
    FROM current_seat AS old_seat
    INNER JOIN current_seat AS new_seat
        ON
            old_seat.person_id = new_seat.person_id
            AND old_seat.kk_index <> new_seat.kk_index
    WHERE
        NOT old_seat.is_current
        AND new_seat.is_current
    GROUP BY
        old_seat.kk_index,
        new_seat.kk_index
),

candidates AS (
    SELECT
        old_card.card_id AS old_card_id,
        new_card.card_id AS new_card_id,
        row_number() OVER (
            PARTITION BY new_card.card_id
            ORDER BY
                shared_people.people DESC,
                old_card.card_id
        ) AS place
    FROM shared_people
    INNER JOIN card AS old_card
        ON shared_people.old_kk_index = old_card.kk_index
    INNER JOIN card AS new_card
        ON shared_people.new_kk_index = new_card.kk_index
    WHERE
        old_card.current_members = 0
        AND 2 * shared_people.people > old_card.members
        AND 2 * shared_people.people >= new_card.current_members
)

SELECT
    old_card_id,
    new_card_id
FROM candidates
WHERE place = 1
