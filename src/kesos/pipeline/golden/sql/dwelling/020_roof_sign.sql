-- grain: one sign that a family shares a roof: its electricity meter, or a numbered address, in one village
-- inputs: family_record, family_area, family_golden
-- rerun: safe
-- time: 1 s for 300,000 families
SELECT DISTINCT
    family_area.family_id,
    coalesce(family_area.residence_village, family_area.registered_village) AS village,
    'meter' AS kind,
    to_hex(family_record.pln_index) AS sign
FROM family_record
INNER JOIN family_area
    ON family_record.family_id = family_area.family_id
WHERE family_record.pln_index IS NOT NULL
UNION ALL
SELECT
    family_area.family_id,
    coalesce(family_area.residence_village, family_area.registered_village) AS village,
    'address' AS kind,
    concat_ws('|', family_golden.street, family_golden.rt, family_golden.rw) AS sign
FROM family_golden
INNER JOIN family_area
    ON family_golden.family_id = family_area.family_id
WHERE
    family_golden.rt IS NOT NULL
    AND regexp_matches(family_golden.street, '[0-9]')
