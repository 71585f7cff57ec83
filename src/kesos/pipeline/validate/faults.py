"""Faults of a batch of rows, gathered column by column and laid beside their rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import pyarrow as pa

from kesos.foundation.columns import Values, map_distinct, one_chunk
from kesos.foundation.columns import compute as pc
from kesos.foundation.masking import DOT, hide_numbers
from kesos.pipeline.sources.contract import Kind

FAULT_TYPE: Final = pa.struct(
    [
        ("field", pa.string()),
        ("reason", pa.string()),
        ("value_shown", pa.string()),
        ("is_fatal", pa.bool_()),
    ]
)
_LONGEST_SHOWN: Final = 60
_SCHEMA: Final = pa.schema([pa.field("row", pa.int64()), *FAULT_TYPE])


class Faults:
    """Collect the faults of one batch; rows are positions in it.

    A fault is fatal when it sets its whole row aside.
    """

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._parts: list[pa.Table] = []

    def add(self, field: str, reasons: Values, *, shown: Values | None = None, is_fatal: Values | None = None) -> None:
        """Add a fault for each row with a reason; `shown` are values fit to be shown. Not fatal unless told."""
        is_faulty = pc.is_valid(reasons)
        positions = pc.indices_nonzero(is_faulty)
        if len(positions) == 0:
            return
        values = pa.nulls(len(positions), pa.string()) if shown is None else shown.take(positions)
        fatal = pa.repeat(False, len(positions)) if is_fatal is None else is_fatal.take(positions)
        columns = {
            "row": positions.cast(pa.int64()),
            "field": pa.repeat(field, len(positions)),
            "reason": reasons.take(positions),
            "value_shown": values,
            "is_fatal": fatal,
        }
        self._parts.append(pa.table(columns, schema=_SCHEMA))

    def laid_beside_rows(self) -> Values:
        """Give one list of faults a row, in the order in which they were added; a row without any has an empty one."""
        table = pa.concat_tables([_SCHEMA.empty_table(), *self._parts])
        table = table.take(pc.sort_indices(table["row"]))
        per_row = np.bincount(table["row"].to_numpy(), minlength=self._rows)
        offsets = pa.array(np.concatenate([[0], np.cumsum(per_row)]), pa.int32())
        columns = [one_chunk(table[field.name]) for field in FAULT_TYPE]
        lists: Values = pa.ListArray.from_arrays(offsets, pa.StructArray.from_arrays(columns, fields=list(FAULT_TYPE)))
        return lists

    def fatal_rows(self) -> Values:
        """Tell for each row whether some fault sets it aside."""
        is_fatal = np.zeros(self._rows, dtype=bool)
        for part in self._parts:
            is_fatal[part["row"].filter(part["is_fatal"]).to_numpy()] = True
        return pa.array(is_fatal)


def shown(texts: Values, kind: Kind) -> Values:
    """Make values fit to be shown to a person who mends the file: personal ones masked, long ones cut.

    Of a name the first letters remain, so that the row can be found; of an address and of a number nothing.

    >>> shown(pa.array(["Siti Aminah", None]), Kind.NAME).to_pylist()
    ['S••• A•••', None]
    >>> shown(pa.array(["31/02/1987"]), Kind.DATE).to_pylist()
    ['31/02/1987']
    """
    mask = _MASKS.get(kind, hide_numbers)
    return map_distinct(texts, lambda text: mask(text)[:_LONGEST_SHOWN], pa.string())


def _initials(name: str) -> str:
    return " ".join(word[0] + DOT * 3 for word in name.split())


def _hidden(_text: str) -> str:
    return DOT * 3


_MASKS: Final[Mapping[Kind, Callable[[str], str]]] = {
    Kind.NAME: _initials,
    Kind.ADDRESS: _hidden,
    Kind.NIK: _hidden,
    Kind.KK: _hidden,
    Kind.CUSTOMER_NUMBER: _hidden,
}
