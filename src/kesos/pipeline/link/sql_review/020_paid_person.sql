-- grain: one person and one programme that pays or lists them, as released
-- inputs: benefit
-- rerun: safe
-- time: 1 s for 1 million payments
SELECT DISTINCT
    person_id,
    programme
FROM benefit
