"""Read a sheet with known columns that an office hands in beside a release: members, groups, facts, quotas.

A sheet is a CSV or XLSX file. It is opened by the readers of `pipeline.sources`, so a broken one is refused as a
delivery would be: encodings, delimiters, title lines, cut files, formulas. Unlike a delivery it is taken whole or not
at all: the first cell that cannot be read refuses the file, with its line, its field, why, and what would do.

    table = read_sheet(path, {"programme": SheetColumn(), "quota": SheetColumn(CellKind.COUNT)}, title="quotas")

gives an Arrow table with the columns in that order and `line`, the line as a spreadsheet counts them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Final

import pyarrow as pa

from kesos.foundation.area_code import AreaSystem, NotAnAreaCode, read_area_code
from kesos.foundation.columns import Values, map_distinct
from kesos.foundation.columns import compute as pc
from kesos.foundation.errors import Refused
from kesos.foundation.masking import hide_numbers
from kesos.foundation.yaml_text import BothLanguages
from kesos.pipeline.sources.contract import ColumnContract, Contract, FileContract, Kind
from kesos.pipeline.sources.delivered import NoRows
from kesos.pipeline.sources.identify import Identified, open_delivered

LINE: Final = "line"


class CellKind(StrEnum):
    """What the cells of a column are."""

    TEXT = "a text"
    DAY = "a day, such as 2026-09-30"
    COUNT = "a whole number without dots, such as 1250"
    AREA = "an area code of Kemendagri of 2, 4, 6 or 10 digits, such as 5204"


class BrokenCell(Refused):
    """A cell of a sheet does not say what its column holds."""

    what = "{file}, line {line}, column '{field}': '{value}' is not {expected}."
    remedy = "Correct the cell and give the file again; nothing of it was used."
    words: ClassVar[Mapping[str, tuple[str, ...]]] = {"expected": tuple(CellKind)}


class EmptyCell(Refused):
    """A cell of a sheet is empty where something must stand."""

    what = "{file}, line {line}: column '{field}' is empty; it must be {expected}."
    remedy = "Fill the cell, or remove the line, and give the file again; nothing of it was used."
    words: ClassVar[Mapping[str, tuple[str, ...]]] = {"expected": tuple(CellKind)}


class BrokenLine(Refused):
    """A line of a sheet has more or fewer fields than the header."""

    what = "{file}, line {line}: the number of fields is not that of the header ({counted})."
    remedy = "Look for a delimiter inside a value, put the value into quotation marks, and give the file again."


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: what it holds, other headers for it, and whether it and each of its cells must be there.

    `choices` leads from what may be written, in small letters, to what is meant; the cells of such a column hold
    nothing else.
    """

    kind: CellKind = CellKind.TEXT
    aliases: tuple[str, ...] = ()
    is_required: bool = True
    choices: Mapping[str, str] | None = None

    @property
    def expected(self) -> str:
        """Say what a cell may hold."""
        return self.kind if self.choices is None else "one of: " + ", ".join(self.choices)

    @property
    def type(self) -> pa.DataType:
        """Give the type of the column that is read."""
        types: dict[CellKind, pa.DataType] = {CellKind.DAY: pa.date32(), CellKind.COUNT: pa.int64()}
        return types.get(self.kind, pa.string())


def read_sheet(path: Path, columns: Mapping[str, SheetColumn], *, title: str) -> pa.Table:
    """Read a sheet: its columns in the order given, and `line`. `title` names the kind of sheet in refusals.

    *Raises* BrokenCell, EmptyCell, BrokenLine, NoRows, and the refusals of `sources.identify.open_delivered`.
    """
    opened = open_delivered(path, contracts=[_contract(title, columns)], delivery=None)
    pieces = [_read_stretches(item, columns, path.name) for item in opened.tables]
    table = pa.concat_tables(pieces)
    if table.num_rows == 0:
        raise NoRows(file=path.name)
    return table.combine_chunks()


def _contract(title: str, columns: Mapping[str, SheetColumn]) -> Contract:
    words = BothLanguages(id=title, en=title)
    file = FileContract(
        about="person",
        title=words,
        row_key=(next(iter(columns)),),
        columns={
            name: ColumnContract(
                kind=Kind.TEXT,
                aliases=column.aliases,
                column="required" if column.is_required else "optional",
                meaning=words,
            )
            for name, column in columns.items()
        },
    )
    said = "given with the command"
    return Contract(
        source=title, version=1, title=words, owner=said, legal_basis=said, purpose=said, retention=said,
        files={"sheet": file},
    )  # fmt: skip


def _read_stretches(item: Identified, columns: Mapping[str, SheetColumn], file: str) -> pa.Table:
    found = item.recognised.match.found
    first = item.table.header_row
    schema = pa.schema([pa.field(name, column.type) for name, column in columns.items()]).append(
        pa.field(LINE, pa.int64())
    )
    tables = [schema.empty_table()]
    for stretch in item.rows():
        for broken in stretch.broken:
            raise BrokenLine(file=file, line=first + broken.row_number, counted=broken.counted or broken.reason)
        lines = pc.add(stretch.numbers, first)
        nothing = pa.nulls(len(lines), pa.string())
        cells = (
            _column(stretch.cells[found[name]] if name in found else nothing, column, name, (file, lines))
            for name, column in columns.items()
        )
        tables.append(pa.table([*cells, lines], schema=schema))
    return pa.concat_tables(tables)


def _column(cells: Values, column: SheetColumn, name: str, place: tuple[str, Values]) -> Values:
    file, lines = place
    trimmed = pc.utf8_trim_whitespace(cells)
    cells = pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)
    if column.is_required and cells.null_count:
        line = lines[pc.index(pc.is_null(cells), True).as_py()]
        raise EmptyCell(file=file, line=line.as_py(), field=name, expected=column.expected)
    values = map_distinct(cells, _reader(column), column.type)
    lost = pc.and_(pc.is_null(values), pc.is_valid(cells))
    at = pc.index(lost, True).as_py()
    if at >= 0:
        shown = hide_numbers(cells[at].as_py())
        raise BrokenCell(file=file, line=lines[at].as_py(), field=name, value=shown, expected=column.expected)
    return values


def _reader(column: SheetColumn) -> Callable[[str], object]:
    if column.choices is not None:
        choices = column.choices
        return lambda text: choices.get(text.casefold())
    readers: dict[CellKind, Callable[[str], object]] = {
        CellKind.TEXT: str,
        CellKind.DAY: _read_day,
        CellKind.COUNT: _read_count,
        CellKind.AREA: _read_area,
    }
    return readers[column.kind]


def _read_day(text: str) -> date | None:
    """Read a day as ISO writes it, and nothing else: 03-04-2026 is two days.

    >>> _read_day("2026-09-30"), _read_day("30-09-2026"), _read_day("20260930")
    (datetime.date(2026, 9, 30), None, None)
    """
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _read_count(text: str) -> int | None:
    """Read a whole number; one with dots could be thousands or a fraction.

    >>> _read_count("1250"), _read_count("1.250"), _read_count("-1")
    (1250, None, None)
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def _read_area(text: str) -> str | None:
    try:
        return read_area_code(text, AreaSystem.KEMENDAGRI).code
    except NotAnAreaCode:
        return None
