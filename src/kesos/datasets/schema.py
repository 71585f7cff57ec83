"""What a table that crosses a wall promises: its grain, its key, its columns with type, unit and meaning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

ARROW_TYPES: Final[dict[str, pa.DataType]] = {
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "SMALLINT": pa.int16(),
    "BOOLEAN": pa.bool_(),
    "VARCHAR": pa.string(),
    "DATE": pa.date32(),
    "BLOB": pa.binary(),
    "DECIMAL(18,6)": pa.decimal128(18, 6),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: SQL type, meaning in a sentence, unit and allowed codes where it has them.

    `codes` are the values of a code list; `item` names the Regsosek 2022 question that it answers.
    """

    name: str
    type: str
    meaning: str
    unit: str | None = None
    codes: tuple[int, ...] = ()
    item: str | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Dataset:
    """A table: one sentence of grain, a key that is unique, and an order that is total.

    Every stored file is sorted by `key`, so that the same rows are always the same bytes.
    """

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    version: int = 1

    @property
    def column_names(self) -> tuple[str, ...]:
        """List the column names in stored order."""
        return tuple(column.name for column in self.columns)

    def arrow_schema(self) -> pa.Schema:
        """Give the Arrow schema of a stored file; required columns are not nullable."""
        return pa.schema([pa.field(c.name, ARROW_TYPES[c.type], nullable=not c.required) for c in self.columns])


def lineage_columns(columns: Iterable[Column]) -> tuple[Column, ...]:
    """Name, for each golden column, the column that holds the id of the record which gave its value."""
    return tuple(
        Column(f"{column.name}_record_id", "BIGINT", f"Record that gave `{column.name}`; null where no source knew.")
        for column in columns
    )
