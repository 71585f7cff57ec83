-- grain: one family; where no family record tells its villages, those of its head or a member
-- inputs: family_identity, family_area, family_golden, family_head, family_dwelling, family_record
-- rerun: safe
-- time: 2 s for 300,000 families
WITH record_counts AS (
    SELECT
        family_id,
        count(*) AS record_count,
        max(observed_on) AS facts_as_of
    FROM family_record
    WHERE family_id IS NOT NULL
    GROUP BY family_id
)

SELECT
    family_identity.family_id,
    family_dwelling.dwelling_id,
    family_head.head_person_id,
    family_area.registered_village,
    family_area.residence_village,
    family_golden.street,
    family_golden.hamlet,
    family_golden.rt,
    family_golden.rw,
    family_golden.member_count,
    family_golden.official_decile,
    family_golden.official_score,
    family_golden.official_period,
    family_golden.tenure_code,
    family_golden.has_gas_cylinder,
    family_golden.has_refrigerator,
    family_golden.has_air_conditioner,
    family_golden.has_water_heater,
    family_golden.has_landline,
    family_golden.has_flat_tv,
    family_golden.has_gold,
    family_golden.has_computer,
    family_golden.has_motorcycle,
    family_golden.has_bicycle,
    family_golden.has_car,
    family_golden.has_boat,
    family_golden.has_motorboat,
    family_golden.has_smartphone,
    family_golden.has_other_land,
    family_golden.has_other_house,
    family_golden.cattle_count,
    family_golden.buffalo_count,
    family_golden.horses_count,
    family_golden.pigs_count,
    family_golden.goats_sheep_count,
    family_golden.pbi_national,
    family_golden.pbi_local,
    family_area.registered_as_of,
    family_area.residence_as_of,
    coalesce(family_head.active_members, 0) AS active_members,
    coalesce(record_counts.record_count, 0) AS record_count,
    record_counts.facts_as_of
FROM family_identity
INNER JOIN family_area
    ON family_identity.family_id = family_area.family_id
LEFT JOIN family_golden
    ON family_identity.family_id = family_golden.family_id
LEFT JOIN family_head
    ON family_identity.family_id = family_head.family_id
LEFT JOIN family_dwelling
    ON family_identity.family_id = family_dwelling.family_id
LEFT JOIN record_counts
    ON family_identity.family_id = record_counts.family_id
