-- severity: must
-- grain: one row: rows checked, rows failing
-- inputs: family_lineage, family_record
-- rerun: safe
-- time: below 1 s a million rows
-- Every official decile and member count rests on a record of that very family.
WITH named AS (
    SELECT family_id, official_decile_record_id AS record_id FROM family_lineage
    UNION ALL
    SELECT family_id, member_count_record_id AS record_id FROM family_lineage
)

SELECT
    COUNT(*) AS checked,
    COUNT(*) FILTER (WHERE family_record.family_id IS DISTINCT FROM named.family_id) AS failing
FROM named
LEFT JOIN family_record ON named.record_id = family_record.record_id
WHERE named.record_id IS NOT NULL
