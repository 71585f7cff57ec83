-- grain: one group of the groups file, with where its families live
-- inputs: group_family, family_facts
-- rerun: safe
-- time: under 1 s
-- The villages are those of its first family by id that has any; a family that the release does not know has none.
WITH placed AS (
    SELECT
        group_family.group_id,
        group_family.group_code,
        group_family.group_name,
        group_family.family_id,
        family_facts.registered_village,
        family_facts.residence_village,
        SUBSTRING(family_facts.residence_village, 1, 6) AS district
    FROM group_family
    LEFT JOIN family_facts
        ON group_family.family_id = family_facts.family_id
),

summed AS (
    SELECT
        group_id,
        MIN(group_code) AS group_code,
        MIN(group_name) AS group_name,
        CAST(COUNT(*) AS INTEGER) AS listed_families,
        MIN(district) AS first_district,
        MAX(district) AS last_district,
        CAST(COUNT(CASE WHEN district IS NULL THEN 1 END) AS INTEGER) AS families_without_district,
        MIN(CASE WHEN registered_village IS NOT NULL OR residence_village IS NOT NULL THEN family_id END)
            AS first_family_id
    FROM placed
    GROUP BY group_id
)

SELECT
    summed.group_id,
    summed.group_code,
    summed.group_name,
    summed.listed_families,
    summed.first_district,
    summed.last_district,
    summed.families_without_district,
    placed.registered_village,
    placed.residence_village
FROM summed
LEFT JOIN placed
    ON summed.group_id = placed.group_id AND summed.first_family_id = placed.family_id
ORDER BY summed.group_id
