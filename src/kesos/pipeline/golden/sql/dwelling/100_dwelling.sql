-- grain: one dwelling: a building that holds one or more families
-- inputs: family_dwelling, family_area, dwelling_golden
-- rerun: safe
-- time: 1 s for 300,000 dwellings
WITH buildings AS (
    SELECT
        family_dwelling.dwelling_id,
        min(coalesce(family_area.residence_village, family_area.registered_village)) AS village,
        count(*) AS family_count
    FROM family_dwelling
    INNER JOIN family_area
        ON family_dwelling.family_id = family_area.family_id
    GROUP BY family_dwelling.dwelling_id
)

SELECT
    buildings.dwelling_id,
    buildings.village,
    buildings.family_count,
    dwelling_golden.floor_area_m2,
    dwelling_golden.floor_material_code,
    dwelling_golden.wall_material_code,
    dwelling_golden.roof_material_code,
    dwelling_golden.drinking_water_code,
    dwelling_golden.lighting_code,
    dwelling_golden.installed_power_code,
    dwelling_golden.cooking_fuel_code,
    dwelling_golden.toilet_facility_code,
    dwelling_golden.toilet_type_code,
    dwelling_golden.sewage_code
FROM buildings
LEFT JOIN dwelling_golden
    ON buildings.dwelling_id = dwelling_golden.dwelling_id
