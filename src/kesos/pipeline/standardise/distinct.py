"""The door through which every kernel of this package works: once a distinct value, never once a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import pyarrow as pa

from kesos.foundation.columns import Column, Values, one_chunk

Kernel: TypeAlias = "Callable[[Values], Values]"


def on_distinct(column: Column, kernel: Kernel) -> Values:
    """Call a vectorised kernel on the distinct values of a column and put the results back in place.

    *Input*: any column; `kernel` gets each value once, without nulls, and returns an array of equal length
    (of structs where it has several things to say). *Output*: as long as the input; null stays null.
    For a function of one value see `kesos.foundation.columns.map_distinct`.

    >>> on_distinct(pa.array(["b", None, "b"]), lambda values: pa.array([len(v) for v in texts(values)])).to_pylist()
    [1, None, 1]
    """
    encoded = one_chunk(column).dictionary_encode()
    answers = kernel(encoded.dictionary)
    if len(answers) != len(encoded.dictionary):
        raise ValueError(f"kernel gave {len(answers)} results for {len(encoded.dictionary)} distinct values")
    return answers.take(encoded.indices)


def texts(values: Values) -> list[str]:
    """Give distinct values as Python text; a kernel never sees a null.

    >>> texts(pa.array(["a", "b"]))
    ['a', 'b']
    """
    found: list[Any] = values.to_pylist()
    return found


def structs(rows: Sequence[tuple[object, ...]], kind: pa.StructType) -> Values:
    """Make an array of structs of tuples, field by field.

    >>> structs([("003", None)], pa.struct([("rt", pa.string()), ("rw", pa.string())])).to_pylist()
    [{'rt': '003', 'rw': None}]
    """
    columns: list[Sequence[object]] = list(zip(*rows, strict=True)) or [()] * kind.num_fields
    arrays: list[Any] = [pa.array(column, type=field.type) for column, field in zip(columns, kind, strict=True)]
    return pa.StructArray.from_arrays(arrays, fields=list(kind))


def fields(answers: Values) -> pa.Table:
    """Spread an array of structs over the columns of a table; a null struct becomes nulls.

    >>> fields(pa.array([{"rt": "003"}, None], pa.struct([("rt", pa.string())]))).to_pydict()
    {'rt': ['003', None]}
    """
    if not isinstance(answers, pa.StructArray):
        raise TypeError(f"expected structs, got {answers.type}")
    return pa.Table.from_arrays(answers.flatten(), names=[field.name for field in answers.type])


def with_values(batch: pa.RecordBatch, read: Callable[[Column], pa.Table]) -> pa.RecordBatch:
    """Read the column `value` of a batch into a table and keep the value in front: a row in, a row out.

    >>> batch = pa.RecordBatch.from_pydict({"value": ["a"]})
    >>> with_values(batch, lambda column: pa.table({"place": column})).to_pydict()
    {'value': ['a'], 'place': ['a']}
    """
    value = batch.column("value")
    answers = read(value)
    arrays = [value, *(one_chunk(answers.column(name)) for name in answers.column_names)]
    return pa.RecordBatch.from_arrays(arrays, names=["value", *answers.column_names])
