"""Put other values into some rows of a column."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from kesos.foundation.columns import Values
from kesos.foundation.columns import compute as pc
from kesos.synthetic.draws import Rows


def replaced(texts: Values, rows: Rows, values: Values) -> Values:
    """Replace the texts of `rows`, sorted and without repetition, by `values` in their order.

    >>> replaced(pa.array(["a", "b"]), np.array([1]), pa.array(["c"])).to_pylist()
    ['a', 'c']
    """
    mask = np.zeros(len(texts), bool)
    mask[rows] = True
    made: Values = pc.replace_with_mask(texts, pa.array(mask), values)
    return made
