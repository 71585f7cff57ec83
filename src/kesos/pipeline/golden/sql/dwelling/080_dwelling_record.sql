-- grain: one row of a source about a family, as it speaks of the dwelling
-- inputs: family_record, family_dwelling
-- rerun: safe
-- time: 1 s for 300,000 records
SELECT
    family_dwelling.dwelling_id,
    family_record.record_id,
    family_record.source,
    family_record.observed_on,
    family_record.floor_area_m2,
    family_record.floor_material_code,
    family_record.wall_material_code,
    family_record.roof_material_code,
    family_record.drinking_water_code,
    family_record.lighting_code,
    family_record.installed_power_code,
    family_record.cooking_fuel_code,
    family_record.toilet_facility_code,
    family_record.toilet_type_code,
    family_record.sewage_code
FROM family_record
INNER JOIN family_dwelling
    ON family_record.family_id = family_dwelling.family_id
