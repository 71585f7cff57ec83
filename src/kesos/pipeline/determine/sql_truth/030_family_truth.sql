-- grain: one family of the release whose true family is known: that of most of its members
-- inputs: judged_record, person, true_person
-- rerun: safe
-- time: 2 s for 2 million records
WITH person_votes AS (
    SELECT
        person_id,
        person_key,
        count(*) AS records
    FROM judged_record
    GROUP BY person_id, person_key
),

person_ranks AS (
    SELECT
        person_id,
        person_key,
        row_number() OVER (PARTITION BY person_id ORDER BY records DESC, person_key) AS place
    FROM person_votes
),

family_votes AS (
    SELECT
        person.family_id,
        true_person.family_key,
        count(*) AS members,
        max(CASE WHEN person.relation_code = 1 THEN 1 ELSE 0 END) AS has_head
    FROM person_ranks
    INNER JOIN person
        ON person_ranks.person_id = person.person_id
    INNER JOIN true_person
        ON person_ranks.person_key = true_person.person_key
    WHERE person_ranks.place = 1 AND person.family_id IS NOT NULL
    GROUP BY person.family_id, true_person.family_key
),

family_ranks AS (
    SELECT
        family_id,
        family_key,
        row_number() OVER (PARTITION BY family_id ORDER BY members DESC, has_head DESC, family_key) AS place
    FROM family_votes
)

SELECT
    family_id,
    family_key
FROM family_ranks
WHERE place = 1
