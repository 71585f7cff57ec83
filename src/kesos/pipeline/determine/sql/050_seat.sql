-- grain: one unit that a list of the programme names as member or waiting
-- inputs: member
-- rerun: safe
-- time: under 1 s
-- Whole months up to the day; null where the list does not say since when, or names a day to come.
WITH listed AS (
    SELECT
        unit_id,
        status,
        $months - 12 * CAST(date_part('year', since) AS INTEGER) - CAST(date_part('month', since) AS INTEGER)
        - CASE WHEN $day < date_part('day', since) THEN 1 ELSE 0 END AS whole_months,
        since <= $as_of AS has_begun
    FROM member
    WHERE programme = $programme AND unit = $unit
)

SELECT
    unit_id,
    status = 'member' AS is_member,
    CAST(CASE WHEN status = 'member' AND has_begun THEN whole_months END AS INTEGER) AS months_received,
    CAST(CASE WHEN status = 'waiting' AND has_begun THEN whole_months END AS INTEGER) AS months_waiting
FROM listed
