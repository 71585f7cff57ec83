-- grain: one family with members: the sets of programmes that it is chosen for, to be verified for, waits for, receives
-- inputs: family, family_share
-- rerun: safe
-- time: 4 s for 3 million families and 20 programmes on 2 cores
WITH shares AS (
    SELECT
        family_id,
        bit_or(CAST(chosen_bit AS BIGINT)) AS chosen,
        bit_or(CAST(verify_bit AS BIGINT)) AS to_verify,
        bit_or(CAST(waiting_bit AS BIGINT)) AS waiting,
        bit_or(CAST(received_bit AS BIGINT)) AS received,
        sum(CAST(chosen_idr AS BIGINT)) AS chosen_idr
    FROM family_share
    GROUP BY family_id
)

SELECT
    family.family_id,
    family.official_decile AS decile,
    family.active_members AS persons,
    coalesce(shares.chosen, 0) AS chosen,
    coalesce(shares.to_verify, 0) AS to_verify,
    coalesce(shares.waiting, 0) AS waiting,
    coalesce(shares.received, 0) AS received,
    CAST(coalesce(shares.chosen_idr, 0) AS BIGINT) AS chosen_idr
FROM family
LEFT JOIN shares
    ON family.family_id = shares.family_id
WHERE family.active_members > 0
