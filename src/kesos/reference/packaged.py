"""Read the reference tables that are packaged beside this module: CSV, every column text, an empty cell unknown."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from io import BytesIO
from typing import Final

import pyarrow as pa
import pyarrow.csv

_TEXT: Final = pa.string()


def read_packaged(name: str, types: Mapping[str, pa.DataType]) -> pa.Table:
    """Read one packaged CSV with exactly the named columns, in their order.

    >>> read_packaged("streets.csv", {"street": pa.string(), "source": pa.string()}).column_names
    ['street', 'source']
    """
    content = resources.files("kesos.reference").joinpath("data", name).read_bytes()
    options = pyarrow.csv.ConvertOptions(
        column_types=dict(types), include_columns=list(types), strings_can_be_null=True, null_values=[""]
    )
    return pyarrow.csv.read_csv(BytesIO(content), convert_options=options)


def read_packaged_texts(name: str, *columns: str) -> pa.Table:
    """Read one packaged CSV whose columns are all text; codes keep their leading digits."""
    return read_packaged(name, dict.fromkeys(columns, _TEXT))
