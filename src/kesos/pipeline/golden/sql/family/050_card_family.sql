-- grain: one family card with the founding card of its family
-- inputs: card, linked_card
-- rerun: safe
-- time: 1 s for 300,000 cards
SELECT
    card.card_id,
    card.kk_index,
    card.family_record_id,
    card.person_record_id,
    coalesce(linked_card.cluster, card.card_id) AS cluster
FROM card
LEFT JOIN linked_card
    ON card.card_id = linked_card.card_id
