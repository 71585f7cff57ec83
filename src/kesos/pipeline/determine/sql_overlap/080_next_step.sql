-- grain: a programme and one that its file names as fitting beside it or after it
-- inputs: family_aid, programme_bit, complement
-- rerun: safe
-- time: 2 s for 3 million families and 30 complements
WITH sets AS (
    SELECT
        chosen,
        to_verify,
        waiting,
        received,
        count(*) AS families
    FROM family_aid
    GROUP BY chosen, to_verify, waiting, received
),

placed AS (
    SELECT
        complement.programme,
        complement.next_programme,
        sets.families,
        (sets.chosen & other.bit) > 0 AS is_chosen,
        (sets.to_verify & other.bit) > 0 AS is_to_verify,
        (sets.waiting & other.bit) > 0 AS is_waiting,
        (sets.received & other.bit) > 0 AS is_received
    FROM complement
    INNER JOIN programme_bit AS one
        ON complement.programme = one.programme
    INNER JOIN programme_bit AS other
        ON complement.next_programme = other.programme
    INNER JOIN sets
        ON ((sets.chosen & one.bit) > 0 OR (sets.received & one.bit) > 0)
)

SELECT
    programme,
    next_programme,
    CAST(sum(CAST(families AS BIGINT)) AS BIGINT) AS families,
    CAST(sum(CASE WHEN is_received THEN CAST(families AS BIGINT) ELSE 0 END) AS BIGINT) AS receiving,
    CAST(sum(CASE WHEN is_chosen AND NOT is_received THEN CAST(families AS BIGINT) ELSE 0 END) AS BIGINT) AS could_have,
    CAST(sum(CASE WHEN is_waiting AND NOT is_chosen AND NOT is_received THEN CAST(families AS BIGINT) ELSE 0 END)
        AS BIGINT) AS waiting,
    CAST(sum(
        CASE
            WHEN is_to_verify AND NOT is_chosen AND NOT is_waiting AND NOT is_received THEN CAST(families AS BIGINT)
            ELSE 0
        END
    ) AS BIGINT) AS to_verify
FROM placed
GROUP BY programme, next_programme
