-- grain: one row of the list that a step of linking settled: one person stands before all others, or several stand equal
-- inputs: graded
-- rerun: safe
-- time: 1 s for 1 million rows
WITH best AS (
    SELECT
        row_number,
        max(place) AS place
    FROM graded
    WHERE place >= 10
    GROUP BY row_number
)

SELECT
    graded.row_number,
    CASE WHEN count(*) = 1 THEN min(graded.person_id) END AS person_id,
    CASE WHEN count(*) = 1 THEN min(graded.rule) ELSE 'several_candidates' END AS rule,
    CAST(CASE WHEN count(*) = 1 THEN max(graded.place) // 10 ELSE 1 END AS SMALLINT) AS confidence,
    CAST(count(*) AS INTEGER) AS candidates
FROM graded
INNER JOIN best
    ON
        graded.row_number = best.row_number
        AND graded.place = best.place
GROUP BY graded.row_number
