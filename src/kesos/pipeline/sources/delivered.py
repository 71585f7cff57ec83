"""A delivered table before anybody knows whose it is: a header, and rows as text with their numbers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kesos.foundation.columns import Values
from kesos.foundation.columns import compute as pc
from kesos.foundation.errors import Refused

MOST_COLUMNS: Final = 2_000
LONGEST_CELL: Final = 32_767
HEADER_SEARCH_ROWS: Final = 20


class TooManyColumns(Refused):
    """A line that splits into more cells than any source has columns."""

    what = "{file}: row {row} has {columns} columns; at most {most} are read."
    remedy = "Check the delimiter, and remove the columns that are not asked for."


class CellTooLong(Refused):
    """A cell longer than a spreadsheet can hold, which is damage and not a fact."""

    what = "{file}: a cell in or near row {row} is longer than {most} characters."
    remedy = "Look for a quotation mark that is not closed, or a document pasted into the cell, and deliver again."


class NoRows(Refused):
    """A file with nothing below its header, or nothing at all."""

    what = "{file} holds no rows."
    remedy = "Check the export, and deliver the file again when it has rows."


class TruncatedFile(Refused):
    """A file that ends before its end."""

    what = "{file} is cut off: its end is missing."
    remedy = "Copy or export it again and compare the sizes; nothing of it was taken."


class ArchiveCut(TruncatedFile):
    """A packed file, workbook or Parquet file of which the end, with its table of contents, is missing or damaged."""

    what = "{file} is cut off or damaged: the end of the packed file is missing."


class LastRowCut(TruncatedFile):
    """Text whose last row has too few fields and no line end."""

    what = "{file} is cut off: its last row, {row}, has {found} of {expected} fields and no line end."


class LastQuoteCut(TruncatedFile):
    """Text that ends inside a quotation."""

    what = "{file} is cut off: the quotation that opens in row {row} never closes."


class UnbalancedQuote(Refused):
    """A quotation mark that swallows the rows after it."""

    what = "{file}: a quotation mark opened in row {row} swallows the rows after it."
    remedy = "Remove that quotation mark, or write it twice, and deliver again; nothing of the file was taken."


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that is not taken into the table: its number, the reason, its cells as written, and what was counted."""

    row_number: int
    reason: str
    cells: tuple[str | None, ...]
    counted: str | None = None

    def as_json(self) -> str:
        """Write the cells as JSON, so that nothing of the row is lost when it is sealed."""
        return json.dumps({"cells": list(self.cells)}, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some rows of a table, in order: text cells by position of the header (empty is null), rows set aside, empty rows.

    `numbers` are row numbers, 1 for the first row below the header.
    """

    numbers: Values
    cells: list[Values]
    broken: tuple[BrokenRow, ...] = ()
    empty: int = 0

    def keep(self, mask: Values, *, broken: Sequence[BrokenRow] = (), empty: int = 0) -> Stretch:
        """Keep the rows of the mask, and add what became of the others."""
        return Stretch(
            numbers=self.numbers.filter(mask),
            cells=[column.filter(mask) for column in self.cells],
            broken=(*self.broken, *broken),
            empty=self.empty + empty,
        )


@dataclass(frozen=True, slots=True)
class DeliveredTable:
    """One table of a delivered file.

    `place` is the sheet, or empty; `header_row` the row of the header as a spreadsheet counts. `read` gives the rows;
    it is told at which positions stand identity numbers, because a number that was stored as a number is marked there.
    """

    place: str
    header: tuple[str, ...]
    header_row: int
    read: Callable[[frozenset[int]], Iterator[Stretch]]
    encoding: str | None = None
    delimiter: str | None = None
    code_page_byte: int | None = None


def refuse_long_cells(stretch: Stretch, *, file: str, header_row: int) -> None:
    """Refuse a file with a cell that no spreadsheet could hold. *Raises* CellTooLong."""
    for column in stretch.cells:
        longest = pc.max(pc.binary_length(column)).as_py() or 0
        if longest > LONGEST_CELL:
            lengths = pc.utf8_length(column)
            if pc.max(lengths).as_py() > LONGEST_CELL:
                row = header_row + stretch.numbers[pc.index(lengths, pc.max(lengths)).as_py()].as_py()
                raise CellTooLong(file=file, row=row, most=LONGEST_CELL)
