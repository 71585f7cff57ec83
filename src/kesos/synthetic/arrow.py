"""Turn arrays of numbers into Arrow columns: as they are, as words of a dictionary, or one value all along."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from kesos.foundation.columns import Values

Numbers = NDArray[Any]


def column(numbers: Numbers, absent: NDArray[np.bool_] | None = None) -> Values:
    """Make a column of numbers or flags; null where `absent`.

    >>> column(np.array([4, 5]), np.array([False, True])).to_pylist()
    [4, None]
    """
    made: Values = pa.array(numbers, mask=absent)
    return made


def dates(days: Numbers, absent: NDArray[np.bool_] | None = None) -> Values:
    """Make a column of dates from days since 1970."""
    return column(days.astype(np.int32), absent).cast(pa.date32())


def chosen(words: Values | tuple[str, ...], numbers: Numbers, absent: NDArray[np.bool_] | None = None) -> Values:
    """Write for each number the word in its place; null where `absent`.

    >>> chosen(("no", "yes"), np.array([1, 0])).to_pylist()
    ['yes', 'no']
    """
    dictionary: Any = pa.array(words) if isinstance(words, tuple) else words
    written: Values = dictionary.take(column(numbers, absent))
    return written


def dictionary(words: Values | tuple[str, ...], numbers: Numbers, absent: NDArray[np.bool_] | None = None) -> Values:
    """Do as `chosen`, but keep numbers and words apart: a column that costs little to write to Parquet."""
    indices: Any = column(numbers.astype(np.int32), absent)
    made: Values = pa.DictionaryArray.from_arrays(indices, pa.array(words) if isinstance(words, tuple) else words)
    return made


def constant(word: str, rows: int, absent: NDArray[np.bool_] | None = None) -> Values:
    """Write one word in every row, but where `absent`."""
    return chosen((word,), np.zeros(rows, np.int32), absent)


def number_texts(numbers: Numbers) -> Values:
    """Write numbers of sixteen, twelve or ten digits as text; 0 (no number) becomes null."""
    return column(numbers, numbers == 0).cast(pa.string())
