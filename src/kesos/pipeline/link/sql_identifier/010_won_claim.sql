-- grain: one earlier identifier that something of this release claims, with the one cluster that keeps it
-- inputs: claim, founder
-- rerun: safe
-- time: 2 s for 1 million identifiers
WITH claims_by_cluster AS (
    SELECT
        claim.prior_id,
        claim.cluster,
        max(claim.is_founding) AS is_founding,
        sum(claim.known_rows) AS known_rows,
        sum(claim.known_numbers) AS known_numbers
    FROM claim
    GROUP BY
        claim.prior_id,
        claim.cluster
),

ranked_claims AS (
    SELECT
        claims_by_cluster.prior_id,
        claims_by_cluster.cluster,
        claims_by_cluster.is_founding,
        row_number() OVER (
            PARTITION BY claims_by_cluster.prior_id
            ORDER BY
                claims_by_cluster.is_founding DESC,
                claims_by_cluster.known_rows DESC,
                claims_by_cluster.known_numbers DESC,
                founder.founded_order
        ) AS place
    FROM claims_by_cluster
    INNER JOIN founder
        ON claims_by_cluster.cluster = founder.cluster
)

SELECT
    prior_id,
    cluster,
    is_founding
FROM ranked_claims
WHERE place = 1
