-- grain: one record of this release and one person of the release before who carry the same NIK
-- inputs: person_standard, prior_identity, prior_person
-- rerun: safe
-- time: 2 s for 1 million persons
WITH known_numbers AS (
    SELECT blind_index
    FROM prior_identity
    WHERE field = 'nik'
    GROUP BY blind_index
    HAVING count(*) <= $most_names
)

SELECT
    person_standard.record_id,
    prior_person.person_id AS other_record_id,
    person_standard.name_normal AS name_normal,
    prior_person.name_normal AS other_name_normal,
    person_standard.birth_date AS birth_date,
    prior_person.birth_date AS other_birth_date,
    person_standard.sex AS sex,
    prior_person.sex AS other_sex,
    false AS is_same_family_card
FROM person_standard
INNER JOIN known_numbers
    ON person_standard.nik_index = known_numbers.blind_index
INNER JOIN prior_identity
    ON known_numbers.blind_index = prior_identity.blind_index
INNER JOIN prior_person
    ON prior_identity.subject_id = prior_person.person_id
WHERE prior_identity.field = 'nik'
