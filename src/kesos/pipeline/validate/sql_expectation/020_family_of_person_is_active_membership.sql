-- severity: must
-- grain: one row: rows checked, rows failing
-- inputs: membership, person
-- rerun: safe
-- time: below 1 s a million rows
-- A person's family is the one of the active membership, and a person without one has none.
WITH active AS (
    SELECT person_id, family_id
    FROM membership
    WHERE is_active
)

SELECT
    COUNT(*) AS checked,
    COUNT(*) FILTER (WHERE person.family_id IS DISTINCT FROM active.family_id) AS failing
FROM person
LEFT JOIN active ON person.person_id = active.person_id
