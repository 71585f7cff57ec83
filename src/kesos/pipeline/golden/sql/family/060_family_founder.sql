-- grain: one family of this release, with its founding record
-- inputs: card_family, family_standard, person_record
-- rerun: safe
-- time: 1 s for 300,000 families
SELECT
    card_family.cluster,
    card_family.cluster AS founded_order,
    coalesce(family_standard.source, person_record.source) AS source,
    coalesce(family_standard.row_key, person_record.row_key) AS row_key
FROM card_family
LEFT JOIN family_standard
    ON card_family.family_record_id = family_standard.record_id
LEFT JOIN person_record
    ON card_family.person_record_id = person_record.record_id
WHERE card_family.card_id = card_family.cluster
