-- grain: one family card with the family that it belongs to
-- inputs: card_family, family_assignment
-- rerun: safe
-- time: 1 s for 300,000 cards
SELECT
    card_family.kk_index,
    family_assignment.id AS family_id
FROM card_family
INNER JOIN family_assignment
    ON card_family.cluster = family_assignment.cluster
