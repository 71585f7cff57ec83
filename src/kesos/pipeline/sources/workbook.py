"""Read workbooks (XLSX): every sheet that holds a table, cells as text, numbers without loss."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import python_calamine as calamine

from kesos.foundation.columns import Values
from kesos.pipeline.sources.archive import check_archive
from kesos.pipeline.sources.delivered import (
    HEADER_SEARCH_ROWS,
    MOST_COLUMNS,
    ArchiveCut,
    DeliveredTable,
    NoRows,
    Stretch,
    TooManyColumns,
    refuse_long_cells,
)
from kesos.pipeline.sources.recognise import Layout, best_match_count
from kesos.pipeline.sources.sniff import PasswordProtected

Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta
_BATCH_ROWS: Final = 16_384


def open_workbook(path: Path, layouts: Sequence[Layout]) -> list[DeliveredTable]:
    """List the tables of a workbook, one a sheet that is not empty; hidden sheets count when they hold cells.

    *Raises* ZipBomb, ArchiveCut, PasswordProtected, NotASpreadsheet, TooManyColumns, NoRows.
    """
    check_archive(path)
    found = [_table(path, sheet, layouts) for sheet in _sheets(path)]
    tables = [table for table in found if table is not None]
    if not tables:
        raise NoRows(file=path.name)
    return tables


def _sheets(path: Path) -> Iterator[calamine.CalamineSheet]:
    """Parse each sheet once: its rows can be walked again and again, first for the header and then for the rows."""
    try:
        book = calamine.CalamineWorkbook.from_path(path)
        for metadata in book.sheets_metadata:
            if metadata.typ == calamine.SheetTypeEnum.WorkSheet:
                yield book.get_sheet_by_name(metadata.name)
    except calamine.PasswordError as error:
        raise PasswordProtected(file=path.name) from error
    except calamine.CalamineError as error:
        raise ArchiveCut(file=path.name) from error


def _table(path: Path, sheet: calamine.CalamineSheet, layouts: Sequence[Layout]) -> DeliveredTable | None:
    top = [tuple(map(_plain, row)) for row in itertools.islice(sheet.iter_rows(), HEADER_SEARCH_ROWS)]
    if not any(any(row) for row in top):
        return None
    width = len(top[0])
    if width > MOST_COLUMNS:
        raise TooManyColumns(file=path.name, row=1, columns=width, most=MOST_COLUMNS)
    header = max(top, key=lambda row: best_match_count([cell or "" for cell in row], layouts))
    header_row = top.index(header) + 1
    return DeliveredTable(
        place=sheet.name,
        header=tuple(cell or "" for cell in header),
        header_row=header_row,
        read=lambda identity: _read(path, sheet, header_row, identity),
    )


def _read(path: Path, sheet: calamine.CalamineSheet, header_row: int, identity: frozenset[int]) -> Iterator[Stretch]:
    rows = itertools.islice(sheet.iter_rows(), header_row, None)
    first = 1
    while batch := list(itertools.islice(rows, _BATCH_ROWS)):
        cells = [
            _column(values, _marked if position in identity else _plain)
            for position, values in enumerate(zip(*batch, strict=True))
        ]
        stretch = Stretch(pa.array(range(first, first + len(batch)), pa.int64()), cells)
        refuse_long_cells(stretch, file=path.name, header_row=header_row)
        yield stretch
        first += len(batch)


def _column(values: Sequence[Cell], render: Callable[[Cell], str | None]) -> Values:
    return pa.array([(value or None) if isinstance(value, str) else render(value) for value in values], pa.string())


def _plain(value: Cell) -> str | None:
    """Render a cell as text: whole numbers without a point, days as ISO dates, an empty cell as nothing.

    >>> _plain(2.0), _plain(1.5), _plain(dt.datetime(2026, 7, 1)), _plain("")
    ('2', '1.5', '2026-07-01', None)
    """
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def _marked(value: Cell) -> str | None:
    """Render an identity number that was stored as a number with a decimal tail: its last digits may be lost.

    >>> _marked(32010101.0), _marked("32010101")
    ('32010101.0', '32010101')
    """
    if isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer():
        return f"{int(value)}.0"
    return _plain(value)
