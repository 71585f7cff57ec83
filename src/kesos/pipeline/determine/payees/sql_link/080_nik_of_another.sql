-- grain: one row of the list whose NIK is, in the release, that of a person of quite another name
-- inputs: graded, person
-- rerun: safe
-- time: 1 s for 1 million rows
-- Either nobody who has the NIK can be meant, or whoever is meant has another accepted one, and a stranger this.
-- The place of a candidate is its grade times ten, and one more where the NIK is its accepted one.
WITH meant AS (
    SELECT
        row_number,
        max(CASE WHEN place >= 10 THEN 1 ELSE 0 END) AS is_known,
        max(CASE WHEN place >= 10 AND place % 10 = 1 THEN 1 ELSE 0 END) AS is_accepted
    FROM graded
    GROUP BY row_number
),

strangers AS (
    SELECT
        graded.row_number,
        graded.person_id,
        row_number() OVER (PARTITION BY graded.row_number ORDER BY graded.place DESC, graded.person_id) AS choice
    FROM graded
    INNER JOIN meant
        ON graded.row_number = meant.row_number
    WHERE
        graded.place < 10
        AND (meant.is_known = 0 OR (meant.is_accepted = 0 AND graded.place = 1))
)

SELECT
    strangers.row_number,
    strangers.person_id AS other_person_id,
    person.family_id AS other_family_id,
    -- More sources than one speak of this person's number: what was accepted was weighed.
    coalesce(person.nik_status IN ('agreed', 'conflicting'), false) AS is_confirmed
FROM strangers
INNER JOIN person
    ON strangers.person_id = person.person_id
WHERE strangers.choice = 1
