-- grain: one reason for which a family of this release may be one of the release before
-- inputs: card_family, family_founder, current_seat, prior_identity, prior_family_identifier, prior_person
-- rerun: safe
-- time: 2 s for 300,000 families
WITH current_members AS (
    SELECT
        card_family.cluster,
        current_seat.person_id
    FROM current_seat
    INNER JOIN card_family
        ON current_seat.kk_index = card_family.kk_index
    WHERE current_seat.is_current
),

sizes AS (
    SELECT
        cluster,
        count(*) AS members
    FROM current_members
    GROUP BY cluster
),

prior_sizes AS (
    SELECT
        family_id,
        count(*) AS members
    FROM prior_person
    WHERE family_id IS NOT NULL
    GROUP BY family_id
),

shared_people AS (
    SELECT
        current_members.cluster,
        prior_person.family_id,
        count(*) AS people
    FROM current_members
    INNER JOIN prior_person
        ON current_members.person_id = prior_person.person_id
    WHERE prior_person.family_id IS NOT NULL
    GROUP BY
        current_members.cluster,
        prior_person.family_id
)

SELECT
    family_founder.cluster,
    prior_family_identifier.id AS prior_id,
    1 AS is_founding,
    0 AS known_rows,
    0 AS known_numbers
FROM family_founder
INNER JOIN prior_family_identifier
    ON
        family_founder.source = prior_family_identifier.founding_source
        AND family_founder.row_key = prior_family_identifier.founding_row_key
WHERE prior_family_identifier.status <> 'alias'
UNION ALL
SELECT
    card_family.cluster,
    prior_identity.subject_id AS prior_id,
    0 AS is_founding,
    0 AS known_rows,
    1 AS known_numbers
FROM card_family
INNER JOIN prior_identity
    ON card_family.kk_index = prior_identity.blind_index
WHERE prior_identity.field = 'kk'
UNION ALL
SELECT
    shared_people.cluster,
    shared_people.family_id AS prior_id,
    0 AS is_founding,
    shared_people.people AS known_rows,
    0 AS known_numbers
FROM shared_people
INNER JOIN sizes
    ON shared_people.cluster = sizes.cluster
INNER JOIN prior_sizes
    ON shared_people.family_id = prior_sizes.family_id
WHERE
    2 * shared_people.people > prior_sizes.members
    AND 2 * shared_people.people >= sizes.members
