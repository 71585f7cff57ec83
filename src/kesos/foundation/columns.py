"""Work on Arrow columns: what a column is, and how to decide something once for each distinct value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias, cast

import pyarrow as pa
import pyarrow.compute

Column: TypeAlias = "pa.Array[Any] | pa.ChunkedArray[Any]"
Values: TypeAlias = "pa.Array[Any]"

# The published types of pyarrow.compute refuse most correct mixes of scalars and arrays (`equal(column, "a")`), so the
# kernels are called without them; what our own functions take and give is typed.
compute: Final[Any] = pyarrow.compute


def one_chunk(column: Column) -> Values:
    """Give a column as one contiguous array; an array comes back as it is.

    >>> one_chunk(pa.chunked_array([[1], [2]])).to_pylist()
    [1, 2]
    """
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def map_distinct(column: Column, function: Callable[[Any], object], result: pa.DataType) -> Values:
    """Apply a function once to each distinct value and give every row its value's answer; null stays null.

    >>> map_distinct(pa.array(["a", "b", None, "a"]), str.upper, pa.string()).to_pylist()
    ['A', 'B', None, 'A']
    """
    encoded = one_chunk(column).dictionary_encode()
    answers = [function(value) for value in encoded.dictionary.to_pylist()]
    return pa.array(answers, result).take(encoded.indices)


def complete_texts(column: Column) -> list[str]:
    """List the texts of a column that must not hold nulls. *Raises* ValueError when it does.

    >>> complete_texts(pa.array(["a", "b"]))
    ['a', 'b']
    """
    if column.null_count:
        raise ValueError(f"{column.null_count} of {len(column)} texts are null")
    return cast("list[str]", column.to_pylist())
