-- grain: one line of a file beside the release whose unit the release does not know
-- inputs: named_row, known_area, person_facts, family_facts, dwelling_facts, group_facts
-- rerun: safe
-- time: 3 s for 2 million lines
-- The dead, families without living members and identifiers that were retired are among those who are not known.
WITH known AS (
    SELECT
        'person' AS unit,
        person_id AS unit_id
    FROM person_facts
    UNION ALL
    SELECT
        'family' AS unit,
        family_id AS unit_id
    FROM family_facts
    UNION ALL
    SELECT
        'dwelling' AS unit,
        dwelling_id AS unit_id
    FROM dwelling_facts
    UNION ALL
    SELECT
        'group' AS unit,
        group_id AS unit_id
    FROM group_facts
)

SELECT
    named_row.kind,
    named_row.line,
    named_row.identifier,
    named_row.about,
    named_row.unit
FROM named_row
LEFT JOIN known
    ON named_row.unit = known.unit AND named_row.unit_id = known.unit_id
LEFT JOIN known_area
    ON named_row.code = known_area.code
WHERE known.unit_id IS NULL AND known_area.code IS NULL
