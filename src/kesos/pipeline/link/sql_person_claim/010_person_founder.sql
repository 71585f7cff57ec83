-- grain: one person of this release, with its founding record
-- inputs: record_cluster, person_standard
-- rerun: safe
-- time: 1 s for 1 million persons
SELECT
    record_cluster.cluster,
    record_cluster.cluster AS founded_order,
    person_standard.source,
    person_standard.row_key
FROM record_cluster
INNER JOIN person_standard
    ON record_cluster.record_id = person_standard.record_id
WHERE record_cluster.record_id = record_cluster.cluster
