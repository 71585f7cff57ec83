"""Turn rows of text into rows that may be stored: identity sealed, free text without numbers, every row named."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from kesos.datasets.quality import QUARANTINE
from kesos.foundation.columns import Values, one_chunk
from kesos.foundation.columns import compute as pc
from kesos.foundation.masking import hide_numbers_in
from kesos.foundation.sealing import Sealer
from kesos.pipeline.sources.contract import ColumnContract, Kind
from kesos.pipeline.sources.delivered import Stretch
from kesos.pipeline.sources.identity_numbers import read_identity
from kesos.pipeline.sources.recognise import Recognised

AT_RECEIPT: Final = 0
"""Subject of a seal at receipt: nobody knows yet whose number it is."""

ROW_FIELD: Final = "row"
"""Field under which a quarantined row is sealed."""

_LEADING: Final = (("row_number", pa.int64()), ("line_number", pa.int64()), ("row_key", pa.string()))
_SHORTEST_NUMBER: Final = 12
_LONGEST_INSTANT_DIGITS: Final = 14


def stored_schema(recognised: Recognised) -> pa.Schema:
    """Give the schema of `rows.parquet`: three numbers of the row, then each column present, in contract order."""
    fields: list[tuple[str, pa.DataType]] = list(_LEADING)
    for name, column in _present(recognised):
        if column.is_sealed:
            fields += [(f"{name}_sealed", pa.binary()), (f"{name}_index", pa.binary()), (f"{name}_note", pa.string())]
        else:
            fields.append((name, pa.string()))
    return pa.schema(fields)


def identity_positions(recognised: Recognised) -> frozenset[int]:
    """List the header positions at which identity numbers stand."""
    return frozenset(recognised.match.found[name] for name, column in _present(recognised) if column.is_sealed)


def seal_rows(stretch: Stretch, recognised: Recognised, *, header_row: int, sealer: Sealer) -> pa.RecordBatch:
    """Make the rows of a stretch storable.

    `<column>_sealed` holds the number as read, or the text as written where no number could be read; `<column>_index`
    only what can serve as evidence. `row_key` is made of the key columns, numbers as read, other text trimmed and in
    capitals.
    """
    subjects = pa.array([AT_RECEIPT], pa.int64()).take(pa.array([0] * len(stretch.numbers), pa.int64()))
    arrays: list[Values] = []
    keys: dict[str, Values] = {}
    for name, column in _present(recognised):
        text = stretch.cells[recognised.match.found[name]]
        keys[name] = pc.utf8_upper(pc.utf8_trim_whitespace(text)) if name in _row_key(recognised) else text
        if column.is_sealed:
            values, notes = read_identity(column.kind, text)
            field = column.sealed_field
            sealed = sealer.seal_many(pc.coalesce(values, text), field, subjects)
            arrays += [sealed, sealer.index_many(values, field), notes]
            keys[name] = pc.coalesce(values, keys[name])
        else:
            arrays.append(_without_numbers(text, column))
    nothing = pa.nulls(len(stretch.numbers), pa.string())
    row_key = sealer.row_keys([keys.get(name, nothing) for name in _row_key(recognised)])
    lines = pc.add(stretch.numbers, header_row)
    return pa.RecordBatch.from_arrays([stretch.numbers, lines, row_key, *arrays], schema=stored_schema(recognised))


def seal_broken_rows(
    stretch: Stretch, recognised: Recognised, *, header_row: int, delivery: str, sealer: Sealer
) -> pa.Table:
    """Make the rows set aside storable, in the order of their numbers; what was written in them is sealed whole."""
    rows = [
        {
            "source": recognised.layout.contract.source,
            "delivery": delivery,
            "file": recognised.layout.file,
            "row_number": row.row_number,
            "field": "",
            "reason": row.reason,
            "value_shown": row.counted,
            "line_number": header_row + row.row_number,
            "row_sealed": sealer.seal(row.as_json(), ROW_FIELD, AT_RECEIPT),
        }
        for row in sorted(stretch.broken, key=lambda row: row.row_number)
    ]
    return pa.Table.from_pylist(rows, schema=QUARANTINE.arrow_schema())


def _present(recognised: Recognised) -> list[tuple[str, ColumnContract]]:
    columns = recognised.layout.file_contract.columns
    return [(name, column) for name, column in columns.items() if name in recognised.match.found]


def _row_key(recognised: Recognised) -> tuple[str, ...]:
    return recognised.layout.file_contract.row_key


def _without_numbers(text: Values, column: ColumnContract) -> Values:
    """Hide long numbers in any column: in a shifted row a NIK stands where a code should."""
    longest = pc.max(pc.binary_length(text)).as_py() or 0
    if longest < _SHORTEST_NUMBER:
        return text
    hidden = one_chunk(hide_numbers_in(text))
    if column.kind is Kind.DATE:
        # A day with its time has up to 14 digits and is no identity number.
        digits = pc.utf8_length(pc.replace_substring_regex(text, "[^0-9]", ""))
        hidden = pc.if_else(pc.greater(digits, _LONGEST_INSTANT_DIGITS), hidden, text)
    return hidden
