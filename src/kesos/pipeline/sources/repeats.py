"""Tell rows of one file apart that carry the same key: by their content, so that the order of rows does not matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from kesos.foundation.columns import Values, one_chunk
from kesos.foundation.columns import compute as pc
from kesos.foundation.sealing import Sealer
from kesos.pipeline.sources.sealed_rows import AT_RECEIPT

_PLACE = ("row_number", "line_number", "row_key")


def repeated_keys(keys: Sequence[Values]) -> Values:
    """List the keys that stand more than once.

    >>> repeated_keys([pa.array(["a", "b"]), pa.array(["a"])]).to_pylist()
    ['a']
    """
    counts = pc.value_counts(pa.chunked_array(keys, pa.string()))
    repeated: Values = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
    return repeated


def number_repeats(rows: Path, repeated: Values, *, sealed_fields: Mapping[str, str], sealer: Sealer) -> pa.Table:
    """Give the rows of repeated keys a key of their own: the first keeps it, the others add -1, -2, ….

    *Input*: `rows`, a file of stored rows; `sealed_fields`, from column to field of its seal. First is the row with the
    smallest keyed hash of its content: rows that differ keep their names when the file is sorted otherwise; rows that
    are equal in all columns are interchangeable. The hash is of opened numbers, so that it survives a rotation of the
    key. *Output*: `row_number` (ascending) and the new `row_key`, of the repeated rows only.
    """
    parts = []
    with parquet.ParquetFile(rows) as file:
        for batch in file.iter_batches():
            some = batch.filter(pc.is_in(batch.column("row_key"), repeated))
            if some.num_rows:
                content = sealer.row_keys(_opened(some, sealed_fields, sealer))
                parts.append(
                    pa.table({name: some.column(name) for name in ("row_number", "row_key")} | {"content": content})
                )
    found = pa.concat_tables(parts).sort_by([(name, "ascending") for name in ("row_key", "content", "row_number")])
    keys = one_chunk(found.column("row_key"))
    starts_group = np.ones(len(keys), dtype=np.bool_)
    starts_group[1:] = np.asarray(pc.not_equal(keys[1:], keys[:-1]))
    positions = np.arange(len(keys))
    ordinal = positions - np.maximum.accumulate(np.where(starts_group, positions, 0))
    suffix = pc.if_else(
        pa.array(starts_group), "", pc.binary_join_element_wise("-", pa.array(ordinal).cast(pa.string()), "")
    )
    named = pa.table(
        {"row_number": found.column("row_number"), "row_key": pc.binary_join_element_wise(keys, suffix, "")}
    )
    return named.sort_by("row_number")


def _opened(batch: pa.RecordBatch, sealed_fields: Mapping[str, str], sealer: Sealer) -> list[Values]:
    subjects = pa.array([AT_RECEIPT] * batch.num_rows, pa.int64())
    columns: list[Values] = []
    for name in batch.schema.names:
        if name in _PLACE or (name.endswith(("_index", "_note")) and name.rsplit("_", 1)[0] in sealed_fields):
            continue
        field = sealed_fields.get(name.removesuffix("_sealed"))
        column = batch.column(name)
        columns.append(sealer.unseal_many(column, field, subjects) if field else column)
    return columns


def with_new_keys(batch: pa.RecordBatch, named: pa.Table) -> pa.RecordBatch:
    """Put the new keys into a batch of stored rows."""
    known = np.asarray(named.column("row_number"))
    numbers = np.asarray(batch.column("row_number"))
    at = np.searchsorted(known, numbers)
    is_named = pa.array((at < len(known)) & (known[np.minimum(at, len(known) - 1)] == numbers))
    new = one_chunk(named.column("row_key")).take(np.minimum(at, len(known) - 1))
    position = batch.schema.get_field_index("row_key")
    return batch.set_column(position, "row_key", pc.if_else(is_named, new, batch.column("row_key")))
