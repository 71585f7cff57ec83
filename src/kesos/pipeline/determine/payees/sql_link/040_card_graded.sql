-- grain: one row of the list and one person of its family card, graded: 3 high, 2 medium, 1 low, 0 another person
-- inputs: card_compared
-- rerun: safe
-- time: 1 s for 1 million rows
-- Father and son may have one name: equal names with other birth dates are a low grade, similar ones none.
-- A nickname on the same card, of the same birth date, is a low grade: it may be a twin.
SELECT
    row_number,
    person_id,
    CAST(
        CASE
            WHEN name_level >= 2 AND is_born_alike THEN 3
            WHEN name_level >= 2 AND is_born_alike IS NULL THEN 2
            WHEN name_level = 1 AND is_born_alike THEN 2
            WHEN name_level = 3 OR is_born_alike OR (name_level = 1 AND is_born_alike IS NULL) THEN 1
            ELSE 0
        END
        * 10
        AS INTEGER
    ) AS place,
    CAST('card_and_name' AS VARCHAR) AS rule
FROM card_compared
