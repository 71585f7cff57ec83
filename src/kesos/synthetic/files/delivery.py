"""Write a delivered file the way offices do: its delimiter, encoding, title line, broken lines, or a spreadsheet."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

import numpy as np
import pyarrow as pa
import xlsxwriter
from pyarrow import csv

from kesos.synthetic.draws import some_rows

_NEWLINE: Final = 10
_FIXED_DAY: Final = datetime(2026, 9, 30, tzinfo=UTC)  # a file made twice is the same bytes
_EXCEL_LOSES: Final = 10


@dataclass(frozen=True)
class Dialect:
    """How a file is written."""

    suffix: str
    delimiter: str
    encoding: str
    has_title: bool
    yes_no: tuple[str, str]
    date_form: str
    number_mark: str = ""


PLAIN: Final = Dialect("csv", ",", "utf-8", False, ("1", "2"), "ISO")
DIALECTS: Final = (
    Dialect("csv", ";", "cp1252", False, ("1", "2"), "DMY"),
    Dialect("csv", ",", "utf-8-sig", False, ("YA", "TIDAK"), "ISO"),
    Dialect("csv", ",", "utf-8", True, ("1", "2"), "SLASH", "'"),
)
SPREADSHEET: Final = Dialect("xlsx", "", "", True, ("1", "2"), "DMY")


class CsvDelivery:
    """A CSV file that grows by tables; counts its rows from 1, the first below the header.

    With `rows_before` it goes on with a file that has so many rows.
    """

    def __init__(self, path: Path, dialect: Dialect, title: str, broken: float, *, rows_before: int = 0) -> None:
        self.rows = rows_before
        self._has_header = rows_before > 0
        self._path, self._dialect, self._title, self._broken = path, dialect, title, broken
        self._file: io.BufferedWriter | None = None

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._path.open("ab" if self._has_header else "wb")
        return self

    def __exit__(self, *raised: object) -> None:
        if self._file is not None:
            self._file.close()

    def append(self, table: pa.Table, rng: np.random.Generator) -> None:
        """Write the rows of a table; the first table brings the header."""
        encoding = self._dialect.encoding
        if not self._has_header:
            self._has_header = True
            title = f"{self._title}\n" if self._dialect.has_title else ""
            head = title + self._dialect.delimiter.join(table.column_names) + "\n"
            self._write(head.encode(encoding))
        text = _lines(table, self._dialect.delimiter)
        text = _break_lines(text, self._dialect.delimiter.encode(), rng, self._broken)
        self._write(text if encoding.startswith("utf-8") else text.decode().encode(encoding, "replace"))
        self.rows += table.num_rows

    def _write(self, content: bytes) -> None:
        if self._file is None:
            raise ValueError("the file is not open")
        self._file.write(content)


def _lines(table: pa.Table, delimiter: str) -> bytes:
    sink = pa.BufferOutputStream()
    options = csv.WriteOptions(include_header=False, delimiter=delimiter, quoting_style="needed")
    csv.write_csv(table, sink, options)
    return sink.getvalue().to_pybytes()


def _break_lines(text: bytes, delimiter: bytes, rng: np.random.Generator, share: float) -> bytes:
    """Break a share of lines: cut off in the middle, or with three fields too many."""
    ends = np.flatnonzero(np.frombuffer(text, np.uint8) == _NEWLINE)
    broken = some_rows(rng, ends.size, share)
    if broken.size == 0:
        return text
    pieces, done = [], 0
    for row, is_cut in zip(broken, rng.random(broken.size) < 0.6, strict=True):
        start, end = int(ends[row - 1]) + 1 if row else 0, int(ends[row])
        pieces.append(text[done:start])
        line = text[start:end]
        pieces.append(line[: len(line) // 2].replace(b'"', b"") if is_cut else line + delimiter * 3)
        done = end
    pieces.append(text[done:])
    return b"".join(pieces)


def write_spreadsheet(path: Path, table: pa.Table, title: str, rng: np.random.Generator, rounded: float) -> None:
    """Write an XLSX file in which a share of the NIK were typed as numbers, so that Excel took their last digit."""
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = [column.to_pylist() for column in table.columns]
    numeric = [name.upper() in {"NIK", "NO_KK"} for name in table.column_names]
    loses_digit = (rng.random(table.num_rows) < rounded).tolist()
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "in_memory": False}) as book:
        book.set_properties({"created": _FIXED_DAY})
        sheet = book.add_worksheet("Data")
        sheet.write_string(0, 0, title)
        sheet.write_row(1, 0, table.column_names)
        for row, values in enumerate(zip(*columns, strict=True), start=2):
            for place, value in enumerate(values):
                if value is None:
                    continue
                if numeric[place] and loses_digit[row - 2] and value.isdigit():
                    sheet.write_number(row, place, int(value) // _EXCEL_LOSES * _EXCEL_LOSES)
                else:
                    sheet.write(row, place, value)
