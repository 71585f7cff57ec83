"""Seal one stored file anew under another key: a receipt's rows, a quarantine, the datasets of a release."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from pyarrow import parquet

from kesos.foundation.columns import Values
from kesos.foundation.columns import compute as pc
from kesos.foundation.sealing import Sealer
from kesos.pipeline.sources.receipt import private_opener
from kesos.pipeline.sources.sealed_rows import AT_RECEIPT, ROW_FIELD

BatchChange = Callable[[pa.RecordBatch], pa.RecordBatch]

_GROUP_ROWS: Final = 65_536


@dataclass(frozen=True, slots=True)
class KeyChange:
    """The sealer that opens what is stored, and the one that seals it anew."""

    old: Sealer
    new: Sealer

    def rows(self, batch: pa.RecordBatch, fields: Mapping[str, str]) -> pa.RecordBatch:
        """Seal the numbers of received rows anew; `fields` tells for each sealed column what number it is."""
        for column, field in fields.items():
            plain = self._open(batch.column(f"{column}_sealed"), field)
            batch = _replaced(batch, f"{column}_sealed", self._seal(plain, field))
            known = batch.column(f"{column}_index").is_valid()
            index = pc.if_else(known, self.new.index_many(plain, field), pa.scalar(None, pa.binary()))
            batch = _replaced(batch, f"{column}_index", index)
        return batch

    def quarantine(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Seal the rows that were set aside anew."""
        return _replaced(batch, "row_sealed", self._seal(self._open(batch.column("row_sealed"), ROW_FIELD), ROW_FIELD))

    def identity(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Seal the numbers of a release anew, each bound to its person or family as before."""
        fields: list[Any] = batch.column("field").to_pylist()
        owners: list[Any] = batch.column("subject_id").to_pylist()
        sealed: list[Any] = batch.column("ciphertext").to_pylist()
        plain = [self.old.unseal(*one) for one in zip(sealed, fields, owners, strict=True)]
        anew = [self.new.seal(*one) for one in zip(plain, fields, owners, strict=True)]
        index = [self.new.blind_index(*one) for one in zip(plain, fields, strict=True)]
        batch = _replaced(batch, "ciphertext", pa.array(anew, pa.binary()))
        return _replaced(batch, "blind_index", pa.array(index, pa.binary()))

    def _open(self, sealed: Values, field: str) -> Values:
        return self.old.unseal_many(sealed, field, _nobody(sealed))

    def _seal(self, plain: Values, field: str) -> Values:
        return self.new.seal_many(plain, field, _nobody(plain))


def reindexed(batch: pa.RecordBatch, *, old: Values, new: Values, columns: Sequence[str]) -> pa.RecordBatch:
    """Put the new blind index in the place of the old one, value by value; both lists are in the same order."""
    for column in columns:
        batch = _replaced(batch, column, new.take(pc.index_in(batch.column(column), value_set=old)))
    return batch


def rewrite(source: Path, target: Path, change: BatchChange) -> int:
    """Copy a Parquet file through a change of its batches into a new private file; return its rows."""
    with (
        parquet.ParquetFile(source) as file,
        open(target, "xb", opener=private_opener) as out,
        parquet.ParquetWriter(out, file.schema_arrow, compression="zstd") as writer,
    ):
        for batch in file.iter_batches(batch_size=_GROUP_ROWS):
            writer.write_batch(change(batch))
        return int(file.metadata.num_rows)


def _replaced(batch: pa.RecordBatch, name: str, values: Values) -> pa.RecordBatch:
    position = batch.schema.get_field_index(name)
    return batch.set_column(position, batch.schema.field(position), values)


def _nobody(values: Values) -> Values:
    return pa.repeat(pa.scalar(AT_RECEIPT, pa.int64()), len(values))
