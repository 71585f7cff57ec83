-- grain: one district and one indication, or `any`: rows, and rupiah at stake in this list and in a year
-- inputs: indication
-- rerun: safe
-- time: 1 s for 1 million indications
WITH once AS (
    SELECT
        coalesce(regency, '') AS regency,
        coalesce(district, '') AS district,
        row_number,
        max(stake_idr) AS stake_idr,
        max(stake_a_year_idr) AS stake_a_year_idr
    FROM indication
    GROUP BY coalesce(regency, ''), coalesce(district, ''), row_number
)

SELECT
    coalesce(regency, '') AS regency,
    coalesce(district, '') AS district,
    indication,
    count(*) AS rows_indicated,
    CAST(coalesce(sum(CAST(stake_idr AS BIGINT)), 0) AS BIGINT) AS stake_idr,
    CAST(coalesce(sum(CAST(stake_a_year_idr AS BIGINT)), 0) AS BIGINT) AS stake_a_year_idr
FROM indication
GROUP BY coalesce(regency, ''), coalesce(district, ''), indication
UNION ALL
SELECT
    regency,
    district,
    CAST('any' AS VARCHAR) AS indication,
    count(*) AS rows_indicated,
    CAST(coalesce(sum(CAST(stake_idr AS BIGINT)), 0) AS BIGINT) AS stake_idr,
    CAST(coalesce(sum(CAST(stake_a_year_idr AS BIGINT)), 0) AS BIGINT) AS stake_a_year_idr
FROM once
GROUP BY regency, district
