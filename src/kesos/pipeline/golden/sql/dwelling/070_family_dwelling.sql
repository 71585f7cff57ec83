-- grain: one family with its dwelling
-- inputs: family_roof, dwelling_assignment
-- rerun: safe
-- time: under 1 s for 300,000 families
SELECT
    family_roof.family_id,
    dwelling_assignment.id AS dwelling_id
FROM family_roof
INNER JOIN dwelling_assignment
    ON family_roof.cluster = dwelling_assignment.cluster
