-- grain: one row of the list with the person and the family that it is about, where they are known
-- inputs: payee_row, settled, nik_of_another, identity, person, family
-- rerun: safe
-- time: 3 s for 1 million rows and 10 million persons
-- Of somebody who has died the release knows no family: the family is then that of the card.
WITH card_families AS (
    SELECT
        payee_row.row_number,
        min(identity.subject_id) AS family_id
    FROM payee_row
    INNER JOIN identity
        ON payee_row.kk_index = identity.blind_index
    WHERE identity.field = 'kk'
    GROUP BY payee_row.row_number
    HAVING min(identity.subject_id) = max(identity.subject_id)
),

families AS (
    SELECT
        payee_row.row_number,
        settled.person_id,
        settled.rule,
        settled.confidence,
        nik_of_another.other_person_id AS nik_person_id,
        nik_of_another.other_family_id AS nik_family_id,
        nik_of_another.is_confirmed AS is_nik_confirmed,
        person.family_id IS NULL AS is_by_card,
        coalesce(person.family_id, card_families.family_id) AS family_id,
        coalesce(payee_row.village, person.residence_village, person.registered_village) AS village
    FROM payee_row
    LEFT JOIN settled
        ON payee_row.row_number = settled.row_number
    LEFT JOIN nik_of_another
        ON payee_row.row_number = nik_of_another.row_number
    LEFT JOIN person
        ON settled.person_id = person.person_id
    LEFT JOIN card_families
        ON payee_row.row_number = card_families.row_number
)

SELECT
    families.row_number,
    families.person_id,
    coalesce(families.rule, 'not_found') AS rule,
    families.confidence,
    families.nik_person_id,
    coalesce(families.nik_family_id = families.family_id, false) AS is_nik_in_family,
    coalesce(families.is_nik_confirmed, false) AS is_nik_confirmed,
    families.family_id,
    family.dwelling_id,
    -- What is known of the family through its card alone is known less surely.
    CAST(
        CASE
            WHEN families.family_id IS NULL THEN NULL
            WHEN families.is_by_card THEN least(coalesce(families.confidence, 2), 2)
            ELSE families.confidence
        END
        AS SMALLINT
    ) AS family_confidence,
    coalesce(families.village, family.residence_village, family.registered_village) AS village
FROM families
LEFT JOIN family
    ON families.family_id = family.family_id
