-- grain: one row of a source about a family, with its place in the order of (source, row key, delivery)
-- inputs: family_raw, delivery_order
-- rerun: safe
-- time: 2 s for 2 million records
-- A row key is unique within a delivery. One that comes again is the same row delivered again, in order of delivery.
SELECT
    raw.source,
    raw.delivery,
    raw.row_key,
    row_number() OVER (ORDER BY raw.source, raw.row_key, delivery_order.place) AS record_id
FROM family_raw AS raw
INNER JOIN delivery_order
    ON
        raw.source = delivery_order.source
        AND raw.delivery = delivery_order.delivery
