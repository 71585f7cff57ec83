-- grain: one family of the true world with living members, in its place from the poorest
-- inputs: true_family_row, true_person, poverty_line
-- rerun: safe
-- time: 1 s for 300,000 families
WITH members AS (
    SELECT
        family_key,
        count(*) AS persons,
        max(CASE WHEN has_component THEN 1 ELSE 0 END) = 1 AS has_component,
        max(CASE WHEN is_civil_servant THEN 1 ELSE 0 END) = 1 AS has_civil_servant
    FROM true_person
    GROUP BY family_key
),

placed AS (
    SELECT
        members.family_key,
        members.persons,
        members.has_component,
        members.has_civil_servant,
        -- Millionths of the regency's poverty line, so that prices of a region do not place anybody.
        true_family_row.consumption_idr * 1000000 // poverty_line.poverty_line_idr AS welfare
    FROM members
    INNER JOIN true_family_row
        ON members.family_key = true_family_row.family_key
    INNER JOIN poverty_line
        ON substr(CAST(true_family_row.village AS VARCHAR), 1, 4) = poverty_line.regency
),

counted AS (
    SELECT
        family_key,
        persons,
        has_component,
        has_civil_servant,
        sum(CAST(persons AS BIGINT)) OVER (
            ORDER BY welfare, family_key
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) - persons AS persons_before,
        sum(CAST(persons AS BIGINT)) OVER () AS persons_in_all
    FROM placed
)

SELECT
    family_key,
    persons,
    CAST(persons_before AS BIGINT) AS persons_before,
    CAST(persons_in_all AS BIGINT) AS persons_in_all,
    CAST(1 + persons_before * 10 // persons_in_all AS INTEGER) AS decile,
    has_component,
    has_civil_servant
FROM counted
