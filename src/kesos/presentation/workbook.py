"""Workbooks (XLSX) that people filter, fill in and print: rows are written as they come, in constant memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import xlsxwriter

MOST_ROWS: Final = 1_000_000
"""Excel takes 1,048,576 rows a sheet; beyond this a second sheet goes on."""

_A4: Final = 9
_LONGEST_CELL: Final = 32_000
_FORBIDDEN_IN_SHEET_NAME: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_LONGEST_SHEET_NAME: Final = 28


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: its title and its width in characters. `is_open` marks one that is left empty for people to fill in."""

    title: str
    width: int
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: lines of text above, then one table; without columns only the lines, wrapped.

    Cells are texts, whole numbers, days or null. Text never becomes a formula or a link.
    """

    name: str
    lines: Sequence[str]
    columns: Sequence[SheetColumn]
    rows: Iterable[Sequence[object]]


def write_workbook(path: Path, sheets: Sequence[Sheet], *, title: str, made_on: date, footer: str) -> None:
    """Write a workbook; the same sheets give the same bytes. Of a long table what is beyond goes on a further sheet."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "nan_inf_to_errors": True,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": title, "created": _midnight(made_on)})
        formats = _formats(book)
        for sheet in sheets:
            rows = iter(sheet.rows)
            number, is_open = 1, True
            while is_open:
                name = sheet_name(sheet.name if number == 1 else f"{sheet.name} {number}")
                is_open = _write_sheet(book.add_worksheet(name), sheet, rows, formats, footer)
                number += 1


def sheet_name(text: str) -> str:
    """Give a name that a sheet may have.

    >>> sheet_name("Layak/belum [dibayar]")
    'Layak belum  dibayar'
    """
    return text.translate(_FORBIDDEN_IN_SHEET_NAME)[:_LONGEST_SHEET_NAME].strip()


def _formats(book: Any) -> dict[str, Any]:
    top = {"valign": "top"}
    return {
        "line": book.add_format({"bold": True}),
        "note": book.add_format({"text_wrap": True, **top}),
        "header": book.add_format({"bold": True, "text_wrap": True, "bg_color": "#E6EBF2", "border": 1, **top}),
        "open": book.add_format({"bold": True, "text_wrap": True, "bg_color": "#FFF2CC", "border": 1, **top}),
        "text": book.add_format({"text_wrap": True, **top}),
        "number": book.add_format({"num_format": "#,##0", **top}),
        "day": book.add_format({"num_format": "yyyy-mm-dd", "align": "left", **top}),
    }


def _write_sheet(
    place: Any, sheet: Sheet, rows: Iterator[Sequence[object]], formats: dict[str, Any], footer: str
) -> bool:
    """Write what fits on one sheet; tell whether rows are left."""
    place.set_paper(_A4)
    place.set_landscape()
    place.fit_to_pages(1, 0)
    place.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    place.set_footer(f"&L{footer.replace('&', '&&')}&R&P / &N")
    if not sheet.columns:
        place.set_column(0, 0, 110)
        for number, line in enumerate(sheet.lines):
            place.write_string(number, 0, line, formats["line" if number == 0 else "note"])
        return False
    for number, column in enumerate(sheet.columns):
        place.set_column(number, number, column.width)
    for number, line in enumerate(sheet.lines):
        place.write_string(number, 0, line, formats["line"] if number == 0 else None)
    header = len(sheet.lines)
    for number, column in enumerate(sheet.columns):
        place.write_string(header, number, column.title, formats["open" if column.is_open else "header"])
    place.freeze_panes(header + 1, 0)
    place.repeat_rows(header)
    written, is_left = _write_rows(place, rows, header + 1, formats)
    place.autofilter(header, 0, max(header + written, header), len(sheet.columns) - 1)
    return is_left


def _write_rows(place: Any, rows: Iterator[Sequence[object]], first: int, formats: dict[str, Any]) -> tuple[int, bool]:
    text, number, day = formats["text"], formats["number"], formats["day"]
    written = 0
    for row in rows:
        line = first + written
        for column, value in enumerate(row):
            if value is None or value == "":
                continue
            if isinstance(value, int):
                place.write_number(line, column, value, number)
            elif isinstance(value, date):
                place.write_datetime(line, column, _midnight(value), day)
            else:
                place.write_string(line, column, str(value)[:_LONGEST_CELL], text)
        written += 1
        if written == MOST_ROWS:
            return written, True
    return written, False


def _midnight(day: date) -> datetime:
    """Give a day as the library wants it; a sheet knows no zones."""
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 a day without an hour
