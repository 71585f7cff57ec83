-- grain: one family and one determination that concerns it: its own, a member's, or its dwelling's
-- inputs: determination, programme_bit, family
-- rerun: safe
-- time: 6 s for 3 million families and 20 programmes on 2 cores
WITH dwelling_owner AS (
    -- The rupiah of a dwelling are counted once: at the lowest of its families.
    SELECT
        dwelling_id,
        min(family_id) AS first_family_id
    FROM family
    WHERE active_members > 0 AND dwelling_id IS NOT NULL
    GROUP BY dwelling_id
),

said AS (
    SELECT
        programme_bit.unit,
        programme_bit.bit,
        programme_bit.verify_bit,
        determination.unit_id,
        determination.family_id,
        determination.eligibility = 'to_verify' AS is_to_verify,
        coalesce(determination.selection IN ('within_quota', 'not_ranked'), false) AS is_chosen,
        coalesce(determination.selection = 'waiting', false) AS is_waiting,
        coalesce(determination.movement IN ('stay', 'leave'), false) AS is_received,
        determination.amount_idr
    FROM determination
    INNER JOIN programme_bit
        ON determination.programme = programme_bit.programme
    WHERE
        determination.eligibility <> 'not_eligible'
        OR determination.movement IN ('stay', 'leave')
)

SELECT
    family_id,
    CASE WHEN is_chosen THEN bit ELSE 0 END AS chosen_bit,
    CASE WHEN is_to_verify THEN verify_bit ELSE 0 END AS verify_bit,
    CASE WHEN is_waiting THEN bit ELSE 0 END AS waiting_bit,
    CASE WHEN is_received THEN bit ELSE 0 END AS received_bit,
    CASE WHEN is_chosen THEN coalesce(amount_idr, 0) ELSE 0 END AS chosen_idr
FROM said
WHERE unit IN ('person', 'family')
UNION ALL
SELECT
    family.family_id,
    CASE WHEN said.is_chosen THEN said.bit ELSE 0 END AS chosen_bit,
    CASE WHEN said.is_to_verify THEN said.verify_bit ELSE 0 END AS verify_bit,
    CASE WHEN said.is_waiting THEN said.bit ELSE 0 END AS waiting_bit,
    CASE WHEN said.is_received THEN said.bit ELSE 0 END AS received_bit,
    CASE
        WHEN said.is_chosen AND family.family_id = dwelling_owner.first_family_id THEN coalesce(said.amount_idr, 0)
        ELSE 0
    END AS chosen_idr
FROM said
INNER JOIN family
    ON said.unit_id = family.dwelling_id
INNER JOIN dwelling_owner
    ON family.dwelling_id = dwelling_owner.dwelling_id
WHERE said.unit = 'dwelling' AND family.active_members > 0
