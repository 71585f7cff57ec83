-- grain: one row of the list and one person of the release with its NIK
-- inputs: payee_row, identity, person
-- rerun: safe
-- time: 4 s for 1 million rows and 10 million persons
WITH niks AS (
    SELECT
        payee_row.row_number,
        payee_row.name_normal AS listed_name,
        payee_row.birth_date AS listed_birth_date,
        payee_row.kk_index,
        identity.subject_id AS person_id,
        min(identity.ordinal) AS ordinal
    FROM payee_row
    INNER JOIN identity
        ON payee_row.nik_index = identity.blind_index
    WHERE identity.field = 'nik'
    GROUP BY
        payee_row.row_number, payee_row.name_normal, payee_row.birth_date, payee_row.kk_index, identity.subject_id
),

cards AS (
    SELECT DISTINCT
        subject_id AS family_id,
        blind_index
    FROM identity
    WHERE field = 'kk'
)

SELECT
    niks.row_number,
    niks.person_id,
    niks.ordinal,
    niks.listed_name,
    person.name_normal AS held_name,
    niks.listed_birth_date = person.birth_date AS is_born_alike,
    cards.family_id IS NOT NULL AS is_on_card
FROM niks
INNER JOIN person
    ON niks.person_id = person.person_id
LEFT JOIN cards
    ON
        niks.kk_index = cards.blind_index
        AND person.family_id = cards.family_id
