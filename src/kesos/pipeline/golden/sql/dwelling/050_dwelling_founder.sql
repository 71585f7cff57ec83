-- grain: one dwelling of this release, founded by the founding record of its lowest family
-- inputs: family_roof, family_identifier
-- rerun: safe
-- time: under 1 s for 300,000 families
SELECT
    family_roof.cluster,
    family_roof.cluster AS founded_order,
    family_identifier.founding_source AS source,
    family_identifier.founding_row_key AS row_key
FROM family_roof
INNER JOIN family_identifier
    ON family_roof.cluster = family_identifier.id
WHERE family_roof.family_id = family_roof.cluster
