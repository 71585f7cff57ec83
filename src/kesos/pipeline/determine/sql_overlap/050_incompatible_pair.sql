-- grain: two programmes that may not be received together: the families that have both
-- inputs: pair, incompatible
-- rerun: safe
-- time: at once
SELECT
    pair.programme,
    pair.other_programme,
    pair.chosen_families,
    pair.received_families
FROM pair
INNER JOIN incompatible
    ON pair.programme = incompatible.programme AND pair.other_programme = incompatible.other_programme
