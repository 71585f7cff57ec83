"""Read Parquet: every plain type rendered as text, so that the same contract judges it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyarrow as pa
from pyarrow import parquet

from kesos.foundation.columns import Values
from kesos.foundation.columns import compute as pc
from kesos.foundation.errors import Refused
from kesos.pipeline.sources.delivered import (
    MOST_COLUMNS,
    ArchiveCut,
    DeliveredTable,
    Stretch,
    TooManyColumns,
    refuse_long_cells,
)

_BATCH_ROWS: Final = 16_384


class NestedColumn(Refused):
    """A column that holds lists, records or bytes."""

    what = "{file}: column {column} is of type {type}, which is no plain value."
    remedy = "Write one plain column for each part of it, and deliver again."


def open_parquet(path: Path) -> DeliveredTable:
    """Describe the table of a Parquet file. *Raises* ArchiveCut, NestedColumn, TooManyColumns."""
    try:
        with parquet.ParquetFile(path) as file:
            schema = file.schema_arrow
    except (pa.ArrowInvalid, OSError) as error:
        raise ArchiveCut(file=path.name) from error
    if len(schema) > MOST_COLUMNS:
        raise TooManyColumns(file=path.name, row=1, columns=len(schema), most=MOST_COLUMNS)
    for field in schema:
        if not _is_plain(field.type):
            raise NestedColumn(file=path.name, column=field.name, type=field.type)
    return DeliveredTable(
        place="", header=tuple(schema.names), header_row=1, read=lambda identity: _read(path, identity)
    )


def _is_plain(type_: pa.DataType) -> bool:
    if pa.types.is_dictionary(type_):
        return _is_plain(type_.value_type)
    checks = (
        pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view, pa.types.is_integer,
        pa.types.is_floating, pa.types.is_decimal, pa.types.is_boolean, pa.types.is_date, pa.types.is_timestamp,
        pa.types.is_time, pa.types.is_null,
    )  # fmt: skip
    return any(check(type_) for check in checks)


def _read(path: Path, identity: frozenset[int]) -> Iterator[Stretch]:
    first = 1
    try:
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=_BATCH_ROWS):
                cells = [
                    _as_text(column, is_identity=position in identity) for position, column in enumerate(batch.columns)
                ]
                stretch = Stretch(pa.array(range(first, first + batch.num_rows), pa.int64()), cells)
                refuse_long_cells(stretch, file=path.name, header_row=1)
                yield stretch
                first += batch.num_rows
    except (pa.ArrowInvalid, OSError) as error:
        raise ArchiveCut(file=path.name) from error


def _as_text(column: Values, *, is_identity: bool) -> Values:
    """Render a column as text; an empty text and NaN are nothing.

    >>> _as_text(pa.array([2.0, 1.5, float("nan")]), is_identity=False).to_pylist()
    ['2', '1.5', None]
    """
    if pa.types.is_dictionary(column.type):
        return _as_text(column.cast(column.type.value_type), is_identity=is_identity)
    if pa.types.is_floating(column.type):
        return _float_as_text(column.cast(pa.float64()), tail=".0" if is_identity else "")
    if pa.types.is_boolean(column.type):
        column = pc.if_else(column, "TRUE", "FALSE")
    if pa.types.is_timestamp(column.type):
        column = _days(column)
    text = column.cast(pa.string())
    filled: Values = pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
    return filled


def _float_as_text(column: Values, *, tail: str) -> Values:
    known = pc.if_else(pc.is_finite(column), column, pa.scalar(None, pa.float64()))
    is_whole = pc.and_(pc.equal(known, pc.trunc(known)), pc.less(pc.abs(known), 1e18))
    whole = pc.if_else(is_whole, known, pa.scalar(None, pa.float64())).cast(pa.int64()).cast(pa.string())
    text: Values = pc.coalesce(pc.binary_join_element_wise(whole, tail, ""), known.cast(pa.string()))
    return text


def _days(column: Values) -> Values:
    """Give days where every instant is a midnight, so that a date column saved with a time stays a date column."""
    naive = column.cast(pa.timestamp("s"), safe=False)
    days = naive.cast(pa.date32())
    is_midnight = pc.all(pc.equal(days.cast(pa.timestamp("s")), naive)).as_py()
    return days if is_midnight else naive
