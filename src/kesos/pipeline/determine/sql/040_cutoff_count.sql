-- grain: one area with a quota, whether or not anybody is eligible there
-- inputs: quota, ranked
-- rerun: safe
-- time: under 1 s
-- The draw settled something where units alike in every other key stand on both sides of the last place.
WITH counted AS (
    SELECT
        quota_area,
        count(*) AS eligible,
        max(CASE WHEN first_rank <= quota AND first_rank + alike - 1 > quota THEN alike ELSE 0 END)
            AS settled_by_lottery
    FROM ranked
    GROUP BY quota_area
)

SELECT
    quota.quota_area,
    quota.quota,
    coalesce(counted.eligible, 0) AS eligible,
    least(coalesce(counted.eligible, 0), quota.quota) AS within_quota,
    greatest(coalesce(counted.eligible, 0) - quota.quota, 0) AS waiting,
    coalesce(counted.settled_by_lottery, 0) AS settled_by_lottery,
    CAST(nullif(least(coalesce(counted.eligible, 0), quota.quota), 0) AS INTEGER) AS last_rank
FROM quota
LEFT JOIN counted
    ON quota.quota_area = counted.quota_area
