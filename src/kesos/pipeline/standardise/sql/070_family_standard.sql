-- grain: one row of a source about a family, standardised; record_id is its place in the order of (source, row key, delivery)
-- inputs: family_raw, family_order, name_standard, address_standard
-- rerun: safe
-- time: 2 s for 300,000 records
SELECT
    family_order.record_id,
    raw.source,
    raw.delivery,
    raw.row_number,
    raw.row_key,
    raw.delivered_on,
    coalesce(raw.observed_on, raw.delivered_on) AS observed_on,
    raw.kk_index,
    raw.kk_sealed,
    raw.kk_note,
    raw.registered_village,
    raw.residence_village,
    address_standard.street,
    address_standard.hamlet,
    address_standard.rt,
    address_standard.rw,
    raw.pln_index,
    raw.pln_sealed,
    head_name.name_normal AS head_name_normal,
    raw.member_count,
    raw.official_decile,
    raw.official_score,
    raw.official_period,
    raw.tenure_code,
    raw.has_gas_cylinder,
    raw.has_refrigerator,
    raw.has_air_conditioner,
    raw.has_water_heater,
    raw.has_landline,
    raw.has_flat_tv,
    raw.has_gold,
    raw.has_computer,
    raw.has_motorcycle,
    raw.has_bicycle,
    raw.has_car,
    raw.has_boat,
    raw.has_motorboat,
    raw.has_smartphone,
    raw.has_other_land,
    raw.has_other_house,
    raw.cattle_count,
    raw.buffalo_count,
    raw.horses_count,
    raw.pigs_count,
    raw.goats_sheep_count,
    raw.pbi_national,
    raw.pbi_local,
    raw.floor_area_m2,
    raw.floor_material_code,
    raw.wall_material_code,
    raw.roof_material_code,
    raw.drinking_water_code,
    raw.lighting_code,
    raw.installed_power_code,
    raw.cooking_fuel_code,
    raw.toilet_facility_code,
    raw.toilet_type_code,
    raw.sewage_code
FROM family_raw AS raw
INNER JOIN family_order
    ON
        raw.source = family_order.source
        AND raw.delivery = family_order.delivery
        AND raw.row_key = family_order.row_key
LEFT JOIN name_standard AS head_name
    ON raw.head_name_raw = head_name.value
LEFT JOIN address_standard
    ON raw.address_raw = address_standard.value
