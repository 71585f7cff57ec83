-- grain: one unit that the rules find eligible within the quota, or without any, and that the list does not pay
-- inputs: determined, payee_state, payee_link, person, family, dwelling_family, covered_village, family_lineage, family_record; $unit, $by_registered
-- rerun: safe
-- time: 4 s for 3 million families
WITH paid AS (
    SELECT DISTINCT unit_id
    FROM payee_state
    WHERE unit_id IS NOT NULL
),

-- A row that found nobody may be about a family of its village: what stands beside it is less sure.
open_villages AS (
    SELECT DISTINCT village
    FROM payee_state
    WHERE rule IN ('not_found', 'several_candidates') AND village IS NOT NULL
),

unpaid AS (
    SELECT
        determined.unit_id,
        CASE WHEN $unit = 'person' THEN determined.unit_id END AS person_id,
        coalesce(determined.family_id, dwelling_family.family_id) AS family_id,
        determined.eligibility,
        determined.selection,
        determined.rank,
        determined.amount_idr
    FROM determined
    LEFT JOIN dwelling_family
        ON
            determined.unit_id = dwelling_family.dwelling_id
            AND $unit = 'dwelling'
    LEFT JOIN paid
        ON determined.unit_id = paid.unit_id
    WHERE
        paid.unit_id IS NULL
        AND (
            determined.eligibility = 'to_verify'
            OR (determined.eligibility = 'eligible' AND determined.selection IN ('within_quota', 'not_ranked'))
        )
),

-- A family without a known head is found by the member of the lowest identifier.
members AS (
    SELECT
        person.family_id,
        min(person.person_id) AS person_id
    FROM person
    INNER JOIN family
        ON person.family_id = family.family_id
    WHERE family.head_person_id IS NULL
    GROUP BY person.family_id
),

placed AS (
    SELECT
        unpaid.unit_id,
        unpaid.family_id,
        coalesce(unpaid.person_id, family.head_person_id, members.person_id) AS person_id,
        unpaid.eligibility,
        unpaid.selection,
        unpaid.rank,
        unpaid.amount_idr,
        family.official_decile,
        family.facts_as_of,
        family.hamlet,
        family.street,
        family.rt,
        family.rw,
        CASE
            WHEN $by_registered THEN coalesce(family.registered_village, family.residence_village)
            ELSE coalesce(family.residence_village, family.registered_village)
        END AS village
    FROM unpaid
    LEFT JOIN family
        ON unpaid.family_id = family.family_id
    LEFT JOIN members
        ON unpaid.family_id = members.family_id
)

SELECT
    substr(placed.village, 1, 4) AS regency,
    substr(placed.village, 1, 6) AS district,
    placed.village,
    placed.unit_id,
    placed.family_id,
    placed.person_id,
    person.name,
    placed.hamlet,
    placed.street,
    placed.rt,
    placed.rw,
    placed.eligibility,
    placed.selection,
    placed.rank,
    placed.official_decile,
    family_record.source,
    coalesce(family_record.observed_on, placed.facts_as_of) AS observed_on,
    CAST(CASE WHEN open_villages.village IS NULL THEN 3 ELSE 2 END AS SMALLINT) AS confidence,
    placed.amount_idr
FROM placed
INNER JOIN covered_village
    ON placed.village = covered_village.village
LEFT JOIN open_villages
    ON placed.village = open_villages.village
LEFT JOIN person
    ON placed.person_id = person.person_id
LEFT JOIN family_lineage
    ON placed.family_id = family_lineage.family_id
LEFT JOIN family_record
    ON family_lineage.official_decile_record_id = family_record.record_id
