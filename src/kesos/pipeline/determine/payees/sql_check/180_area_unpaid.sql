-- grain: one district: units that are eligible and not on the list, and those of which the rules do not know yet
-- inputs: unpaid
-- rerun: safe
-- time: 1 s for 1 million units
SELECT
    coalesce(regency, '') AS regency,
    coalesce(district, '') AS district,
    CAST(count_if(eligibility = 'eligible') AS BIGINT) AS units,
    CAST(count_if(eligibility = 'to_verify') AS BIGINT) AS to_verify,
    CAST(
        coalesce(sum(CASE WHEN eligibility = 'eligible' THEN CAST(amount_idr AS BIGINT) ELSE 0 END), 0) AS BIGINT
    ) AS amount_a_year_idr
FROM unpaid
GROUP BY coalesce(regency, ''), coalesce(district, '')
