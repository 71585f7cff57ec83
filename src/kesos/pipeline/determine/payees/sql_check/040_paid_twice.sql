-- grain: one row of the list that is paid again in another row of the same period
-- inputs: repeat_key
-- rerun: safe
-- time: 2 s for 1 million rows
-- Of rows that pay the same, the highest is taken to be the right one: at stake are the others.
WITH placed AS (
    SELECT
        row_number,
        evidence,
        confidence,
        importance,
        amount_idr,
        count(*) OVER (PARTITION BY evidence, repeat_key) AS times,
        min(row_number) OVER (PARTITION BY evidence, repeat_key) AS first_row,
        lead(row_number) OVER (PARTITION BY evidence, repeat_key ORDER BY row_number) AS next_row,
        row_number() OVER (
            PARTITION BY evidence, repeat_key
            ORDER BY coalesce(amount_idr, 0) DESC, row_number
        ) AS place
    FROM repeat_key
),

repeated AS (
    SELECT
        row_number,
        evidence,
        confidence,
        times,
        CASE WHEN row_number = first_row THEN next_row ELSE first_row END AS other_row,
        CASE WHEN place = 1 THEN 0 ELSE amount_idr END AS stake_idr,
        row_number() OVER (PARTITION BY row_number ORDER BY importance) AS choice
    FROM placed
    WHERE times > 1
)

SELECT
    row_number,
    evidence,
    CAST(confidence AS SMALLINT) AS confidence,
    times,
    other_row,
    stake_idr
FROM repeated
WHERE choice = 1
