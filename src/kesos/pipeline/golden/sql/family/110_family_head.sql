-- grain: one family that has a head (relation 1) among its active members
-- inputs: membership
-- rerun: safe
-- time: 1 s for 300,000 families
SELECT
    family_id,
    arg_min(person_id, person_id) FILTER (WHERE relation_code = 1) AS head_person_id,
    count(*) AS active_members
FROM membership
WHERE is_active
GROUP BY family_id
