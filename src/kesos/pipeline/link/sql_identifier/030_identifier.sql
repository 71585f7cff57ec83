-- grain: one identifier ever given to this kind of thing: the register that the next release reads
-- inputs: assignment, founder, won_claim, prior_identifier
-- rerun: safe
-- time: 2 s for 1 million identifiers
WITH successors AS (
    SELECT
        won_claim.prior_id,
        assignment.id
    FROM won_claim
    INNER JOIN assignment
        ON won_claim.cluster = assignment.cluster
)

SELECT
    CAST($kind AS VARCHAR) AS kind,
    prior_identifier.id,
    CASE
        WHEN coalesce(through_alias.id, successors.id) IS NULL AND prior_identifier.alias_of IS NULL THEN 'retired'
        WHEN successors.id = prior_identifier.id THEN 'active'
        ELSE 'alias'
    END AS status,
    CASE
        WHEN successors.id = prior_identifier.id THEN NULL
        ELSE coalesce(successors.id, through_alias.id, prior_identifier.alias_of)
    END AS alias_of,
    prior_identifier.founded_in,
    prior_identifier.founding_source,
    prior_identifier.founding_row_key
FROM prior_identifier
LEFT JOIN successors
    ON prior_identifier.id = successors.prior_id
LEFT JOIN successors AS through_alias
    ON prior_identifier.alias_of = through_alias.prior_id
UNION ALL
SELECT
    CAST($kind AS VARCHAR) AS kind,
    assignment.id,
    'active' AS status,
    CAST(NULL AS BIGINT) AS alias_of,
    CAST($release AS VARCHAR) AS founded_in,
    founder.source AS founding_source,
    founder.row_key AS founding_row_key
FROM assignment
INNER JOIN founder
    ON assignment.cluster = founder.cluster
LEFT JOIN won_claim
    ON assignment.id = won_claim.prior_id
WHERE won_claim.prior_id IS NULL
