-- grain: one row of the list with an indication about its person: where and when the release has it from
-- inputs: payee_state, payee_link, person, person_lineage, person_record
-- rerun: safe
-- time: 2 s for 1 million rows
WITH lines AS (
    SELECT
        payee_state.row_number,
        person.died_on,
        person.residence_village,
        person.residence_as_of,
        person.source_count,
        person.facts_as_of,
        coalesce(person_lineage.died_on_record_id, person_lineage.life_status_record_id) AS death_record_id,
        person_lineage.residence_village_record_id
    FROM payee_state
    INNER JOIN payee_link
        ON payee_state.row_number = payee_link.row_number
    INNER JOIN person
        ON payee_link.person_id = person.person_id
    LEFT JOIN person_lineage
        ON person.person_id = person_lineage.person_id
    WHERE payee_state.died = 1 OR payee_state.moved = 1
),

wanted AS (
    SELECT death_record_id AS record_id
    FROM lines
    UNION
    SELECT residence_village_record_id AS record_id
    FROM lines
),

records AS (
    SELECT
        person_record.record_id,
        person_record.source,
        person_record.observed_on
    FROM person_record
    INNER JOIN wanted
        ON person_record.record_id = wanted.record_id
)

SELECT
    lines.row_number,
    lines.died_on,
    lines.residence_village,
    lines.source_count,
    deaths.source AS death_source,
    coalesce(deaths.observed_on, lines.facts_as_of) AS death_observed_on,
    homes.source AS residence_source,
    coalesce(lines.residence_as_of, homes.observed_on) AS residence_observed_on
FROM lines
LEFT JOIN records AS deaths
    ON lines.death_record_id = deaths.record_id
LEFT JOIN records AS homes
    ON lines.residence_village_record_id = homes.record_id
