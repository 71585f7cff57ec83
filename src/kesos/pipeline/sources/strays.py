"""Set aside what stands among the rows of a table and is none: empty rows, headers pasted again, totals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import pyarrow as pa

from kesos.foundation.columns import Values
from kesos.foundation.columns import compute as pc
from kesos.pipeline.sources.contract import normalise_header
from kesos.pipeline.sources.delivered import BrokenRow, Stretch
from kesos.pipeline.sources.recognise import Recognised

_TOTAL_WORDS: Final = r"(?:(?:sub|grand)[ -]?)?(?:jumlah|total)"
_TOTAL_START: Final = rf"(?i)^\s*{_TOTAL_WORDS}\b"
_TOTAL_CELL: Final = re.compile(
    rf"\s*{_TOTAL_WORDS}(?: total| seluruh(?:nya)?| keseluruhan| semua| data| kk| keluarga| orang| jiwa| penerima)*"
    r"[\s:=]*[\d.,]*\s*(?:kk|keluarga|orang|jiwa)?\s*",
    re.IGNORECASE,
)
_LABEL_COLUMNS: Final = 5


def set_aside_strays(stretch: Stretch, header: Sequence[str], recognised: Recognised) -> Stretch:
    """Take empty rows out and count them; send repeated headers and rows of totals to quarantine."""
    stretch = _without_empty_rows(stretch)
    if not len(stretch.numbers):
        return stretch
    suspects = pc.or_(_may_be_header(stretch, header, recognised), _may_be_total(stretch))
    broken: list[BrokenRow] = []
    found: list[int] = []
    for position in pc.indices_nonzero(suspects).to_pylist():
        cells = tuple(column[position].as_py() for column in stretch.cells)
        reason = _reason(cells, recognised)
        if reason:
            found.append(position)
            broken.append(BrokenRow(stretch.numbers[position].as_py(), reason, cells))
    if not found:
        return stretch
    positions = pa.array(range(len(stretch.numbers)), pa.int64())
    is_stray = pc.is_in(positions, pa.array(found, pa.int64()))
    return stretch.keep(pc.invert(is_stray), broken=broken)


def _without_empty_rows(stretch: Stretch) -> Stretch:
    if any(column.null_count == 0 for column in stretch.cells):
        return stretch
    is_empty = pc.is_null(stretch.cells[0])
    for column in stretch.cells[1:]:
        is_empty = pc.and_(is_empty, pc.is_null(column))
    count = pc.sum(is_empty).as_py() or 0
    return stretch.keep(pc.invert(is_empty), empty=count) if count else stretch


def _may_be_header(stretch: Stretch, header: Sequence[str], recognised: Recognised) -> Values:
    """Mark rows whose first known column holds a spelling of its own name."""
    name, position = min(recognised.match.found.items(), key=lambda item: item[1])
    own = recognised.layout.file_contract.columns[name]
    spellings = {normalise_header(spelling) for spelling in (name, *own.aliases, header[position])}
    bare = pc.replace_substring_regex(pc.utf8_lower(stretch.cells[position]), r"[^\pL\pN]+", "")
    is_name: Values = pc.is_in(bare, pa.array(sorted(spellings), pa.string()))
    return is_name


def _may_be_total(stretch: Stretch) -> Values:
    masks = [
        pc.fill_null(pc.match_substring_regex(column, _TOTAL_START), False) for column in stretch.cells[:_LABEL_COLUMNS]
    ]
    marked: Values = masks[0]
    for mask in masks[1:]:
        marked = pc.or_(marked, mask)
    return marked


def _reason(cells: tuple[str | None, ...], recognised: Recognised) -> str | None:
    file_contract, found = recognised.layout.file_contract, recognised.match.found
    same = sum(file_contract.column_of(cells[position] or "") == name for name, position in found.items())
    if 5 * same >= 4 * len(found):
        return "repeated_header"
    filled = [cell for cell in cells if cell is not None]
    is_sparse = len(cells) == 1 or 2 * len(filled) <= len(cells)
    return "total_row" if is_sparse and _TOTAL_CELL.fullmatch(filled[0]) else None
