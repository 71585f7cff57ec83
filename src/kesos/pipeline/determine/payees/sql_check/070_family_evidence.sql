-- grain: one family of a row with an indication by the rules: its decile, its civil servant, its highest wage, and whence
-- inputs: payee_state, payee_link, family, family_lineage, family_record, person, person_lineage, person_record
-- rerun: safe
-- time: 3 s for 1 million rows and 10 million persons
WITH families AS (
    SELECT DISTINCT payee_link.family_id
    FROM payee_state
    INNER JOIN payee_link
        ON payee_state.row_number = payee_link.row_number
    WHERE
        payee_link.family_id IS NOT NULL
        AND (
            payee_state.outside_decile = 1
            OR payee_state.civil_servant_in_family = 1
            OR payee_state.wage_above_minimum = 1
            OR payee_state.no_component_left = 1
        )
),

members AS (
    SELECT
        person.person_id,
        person.family_id,
        person.is_civil_servant,
        person.wage_per_month_idr,
        row_number() OVER (
            PARTITION BY person.family_id
            ORDER BY coalesce(person.wage_per_month_idr, -1) DESC, person.person_id
        ) AS place
    FROM person
    INNER JOIN families
        ON person.family_id = families.family_id
),

servants AS (
    SELECT
        family_id,
        min(person_id) AS servant_id
    FROM members
    WHERE is_civil_servant
    GROUP BY family_id
),

earners AS (
    SELECT
        family_id,
        person_id AS earner_id,
        wage_per_month_idr
    FROM members
    WHERE place = 1 AND wage_per_month_idr IS NOT NULL
),

lines AS (
    SELECT
        families.family_id,
        family.official_decile,
        family.official_period,
        family.facts_as_of,
        family_lineage.official_decile_record_id AS decile_record_id,
        servants.servant_id,
        of_servant.is_civil_servant_record_id AS servant_record_id,
        earners.earner_id,
        earners.wage_per_month_idr,
        of_earner.wage_per_month_idr_record_id AS wage_record_id
    FROM families
    INNER JOIN family
        ON families.family_id = family.family_id
    LEFT JOIN family_lineage
        ON families.family_id = family_lineage.family_id
    LEFT JOIN servants
        ON families.family_id = servants.family_id
    LEFT JOIN person_lineage AS of_servant
        ON servants.servant_id = of_servant.person_id
    LEFT JOIN earners
        ON families.family_id = earners.family_id
    LEFT JOIN person_lineage AS of_earner
        ON earners.earner_id = of_earner.person_id
)

SELECT
    lines.family_id,
    lines.official_decile,
    lines.official_period,
    lines.facts_as_of,
    rankings.source AS decile_source,
    coalesce(rankings.observed_on, lines.facts_as_of) AS decile_observed_on,
    lines.servant_id,
    offices.source AS servant_source,
    offices.observed_on AS servant_observed_on,
    lines.earner_id,
    lines.wage_per_month_idr,
    wages.source AS wage_source,
    wages.observed_on AS wage_observed_on
FROM lines
LEFT JOIN family_record AS rankings
    ON lines.decile_record_id = rankings.record_id
LEFT JOIN person_record AS offices
    ON lines.servant_record_id = offices.record_id
LEFT JOIN person_record AS wages
    ON lines.wage_record_id = wages.record_id
